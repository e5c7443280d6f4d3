/** antd's theme made from our tokens, grown by the root unit so that its controls fit the wall. */
import { theme as antd } from 'antd'
import type { ThemeConfig } from 'antd'

import type { Appearance } from '../styles/scale'
import { token } from '../styles/scale'

export function antdTheme({ theme, unit }: Appearance): ThemeConfig {
  const wall = theme === 'wall'
  const size = (desk: number, onWall: number): number => Math.round((wall ? onWall * unit : desk) * 10) / 10
  return {
    algorithm: wall ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      colorPrimary: token('--accent'),
      colorInfo: token('--accent'),
      colorSuccess: wall ? token('--positive') : token('--positive-text'),
      // antd's own pale grounds are too grey for text in these colours.
      ...(wall ? {} : { colorSuccessBg: '#e6f5ee', colorWarningBg: '#fff6e0', colorErrorBg: '#fdeeee' }),
      colorWarning: wall ? token('--severity-minor') : token('--warning-text'),
      colorError: wall ? token('--severity-critical') : token('--negative-text'),
      colorLink: token('--accent-text'),
      colorTextBase: token('--text-1'),
      colorTextSecondary: token('--text-2'),
      colorTextDescription: token('--text-2'),
      colorTextPlaceholder: token('--text-2'),
      colorTextLightSolid: token('--text-on-accent'),
      colorBgBase: wall ? token('--ground-1') : '#ffffff',
      colorBgLayout: token('--ground-0'),
      colorBgContainer: wall ? token('--panel-solid') : '#ffffff',
      colorBgElevated: token('--panel-raised'),
      colorBorder: token('--hairline-strong'),
      colorBorderSecondary: token('--hairline'),
      colorSplit: token('--hairline'),
      fontFamily: token('--font'),
      fontSize: size(14, 18),
      fontSizeSM: size(13, 18),
      fontSizeLG: size(16, 20),
      fontSizeXL: size(20, 24),
      fontSizeHeading5: size(16, 20),
      controlHeight: size(32, 40),
      controlHeightSM: size(26, 34),
      controlHeightLG: size(40, 48),
      sizeUnit: Math.max(2, size(4, 4)),
      borderRadius: size(6, 6),
      motionDurationFast: '0.15s',
      motionDurationMid: '0.2s',
      motionDurationSlow: '0.25s',
      zIndexPopupBase: 1000,
    },
    components: {
      Table: { headerBg: wall ? token('--panel-solid') : token('--ground-1'), cellPaddingBlockSM: size(7, 8) },
      Drawer: { colorBgElevated: wall ? token('--panel-solid') : '#ffffff' },
    },
  }
}
