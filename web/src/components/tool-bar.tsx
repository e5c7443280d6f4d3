/** Buttons of the stage's commands, with their shortcuts, and the picture of what is seen. */
import {
  AimOutlined,
  BlockOutlined,
  CameraOutlined,
  ColumnWidthOutlined,
  ExportOutlined,
  EyeInvisibleOutlined,
  HomeOutlined,
  ScissorOutlined,
  SplitCellsOutlined,
  UserOutlined,
} from '@ant-design/icons'
import { Button, Slider, Tooltip } from 'antd'
import type { ReactNode } from 'react'

import { formatNumber } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { COMMANDS } from '../tools/commands'
import type { CommandId } from '../tools/commands'
import type { StageState } from '../tools/stage-controller'
import { saveFile } from './copy'
import { ofStage, openExport } from './exporting'
import { useStage, useStageState } from './stage-context'
import { useToast } from './toast'
import styles from './tool-bar.module.css'

const ICONS: Record<CommandId, ReactNode> = {
  fit: <AimOutlined />,
  hide: <EyeInvisibleOutlined />,
  isolate: <SplitCellsOutlined />,
  xray: <BlockOutlined />,
  section: <ScissorOutlined />,
  measure: <ColumnWidthOutlined />,
  walk: <UserOutlined />,
  showAll: <HomeOutlined />,
}

const identity = (state: StageState): StageState | null => state

export function ToolBar({ commands, name }: { commands: readonly CommandId[]; name: string }) {
  const stage = useStage()
  const toast = useToast()
  const { t, language } = useText()
  const state = useStageState<StageState | null>(identity, null)
  const picture = (): void => {
    stage?.viewer.screenshot().then((blob) => {
      saveFile(`${name}.png`, blob)
      toast.done(t('toast.picture'))
    }, toast.problem)
  }
  const range = stage?.sectionRange() ?? [0, 1]
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('tools.label')}>
      {state?.section !== null && state?.section !== undefined ? (
        <div className={styles.section}>
          <span>{t('tools.cut', { height: formatNumber(state.section, language, 1) })}</span>
          <Slider
            ariaLabelForHandle={t('command.section')}
            min={range[0]}
            max={range[1]}
            step={0.1}
            value={state.section}
            tooltip={{ open: false }}
            onChange={(value) => stage?.setSection(value)}
          />
        </div>
      ) : null}
      {COMMANDS.filter((command) => commands.includes(command.id)).map((command) => {
        const active = state ? (command.active?.(state) ?? false) : false
        const label = `${t(`command.${command.id}`)} (${command.key.toUpperCase()})`
        return (
          <Tooltip key={command.id} title={label}>
            <Button
              type={active ? 'primary' : 'text'}
              icon={ICONS[command.id]}
              aria-label={label}
              aria-pressed={command.active ? active : undefined}
              disabled={!stage || (command.needsSelection === true && !active && !state?.selected)}
              onClick={() => stage && command.run(stage)}
            />
          </Tooltip>
        )
      })}
      <Tooltip title={t('tools.picture')}>
        <Button type="text" icon={<CameraOutlined />} aria-label={t('tools.picture')} disabled={!stage} onClick={picture} />
      </Tooltip>
      <Tooltip title={t('tools.export')}>
        <Button
          type="text"
          icon={<ExportOutlined />}
          aria-label={t('tools.export')}
          disabled={!stage}
          onClick={() => stage && openExport(...ofStage(stage, name, t))}
        />
      </Tooltip>
    </div>
  )
}
