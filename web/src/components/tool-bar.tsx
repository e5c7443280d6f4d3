/** Buttons of the stage's commands with their shortcuts; the rest in a menu; the open tool's panel above. */
import {
  AimOutlined,
  BlockOutlined,
  BorderOuterOutlined,
  CameraOutlined,
  CloudOutlined,
  ColumnHeightOutlined,
  ColumnWidthOutlined,
  CompassOutlined,
  DownSquareOutlined,
  EllipsisOutlined,
  EnvironmentOutlined,
  ExportOutlined,
  EyeInvisibleOutlined,
  FieldTimeOutlined,
  GatewayOutlined,
  HeatMapOutlined,
  HomeOutlined,
  NodeIndexOutlined,
  PlayCircleOutlined,
  RedoOutlined,
  RocketOutlined,
  ScissorOutlined,
  SplitCellsOutlined,
  UndoOutlined,
  UserOutlined,
  VerticalAlignBottomOutlined,
  VideoCameraOutlined,
} from '@ant-design/icons'
import { Button, Dropdown, Tooltip } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { ReactNode } from 'react'

import { useText } from '../i18n/use-text'
import { COMMANDS } from '../tools/commands'
import type { Command, CommandId } from '../tools/commands'
import { OVERLAYS } from '../tools/overlays/choice'
import type { StageState } from '../tools/stage-controller'
import { ofStage, openExport } from './exporting'
import { useStage, useStageState } from './stage-context'
import styles from './tool-bar.module.css'
import { useHistory, useViewFromAddress } from './views'

const ToolPanels = lazy(() => import('./tool-panels/tool-panels').then(({ ToolPanels: loaded }) => ({ default: loaded })))

const ICONS: Record<CommandId, ReactNode> = {
  undo: <UndoOutlined />,
  redo: <RedoOutlined />,
  fit: <AimOutlined />,
  hide: <EyeInvisibleOutlined />,
  isolate: <SplitCellsOutlined />,
  xray: <BlockOutlined />,
  section: <ScissorOutlined />,
  measure: <ColumnWidthOutlined />,
  box: <BorderOuterOutlined />,
  lasso: <GatewayOutlined />,
  explode: <ColumnHeightOutlined />,
  underground: <VerticalAlignBottomOutlined />,
  pit: <DownSquareOutlined />,
  walk: <UserOutlined />,
  fly: <RocketOutlined />,
  look: <CloudOutlined />,
  heat: <HeatMapOutlined />,
  flows: <NodeIndexOutlined />,
  tracks: <FieldTimeOutlined />,
  cones: <VideoCameraOutlined />,
  views: <PlayCircleOutlined />,
  picture: <CameraOutlined />,
  map: <EnvironmentOutlined />,
  north: <North />,
  showAll: <HomeOutlined />,
}

const identity = (state: StageState): StageState | null => state

/** `commands` have buttons, all others stand in the menu; `name` is what a picture is called. */
export function ToolBar({ commands, name }: { commands: readonly CommandId[]; name: string }) {
  const stage = useStage()
  const { t } = useText()
  const state = useStageState<StageState | null>(identity, null)
  useViewFromAddress(stage)
  useHistory(stage)
  const active = (command: Command): boolean => (state ? (command.active?.(state) ?? false) : false)
  const disabled = (command: Command): boolean => !stage || (command.needsSelection === true && !active(command) && !state?.chosen.length) || (state !== null && (command.idle?.(state) ?? false))
  const rest = COMMANDS.filter((command) => !commands.includes(command.id))
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('tools.label')}>
      {state && (state.panel || state.map || OVERLAYS.some((one) => state.overlays[one])) ? (
        <div className={styles.panels}>
          <Suspense fallback={null}>
            <ToolPanels name={name} />
          </Suspense>
        </div>
      ) : null}
      {COMMANDS.filter((command) => commands.includes(command.id)).map((command) => {
        const label = `${t(`command.${command.id}`)} (${command.key.toUpperCase()})`
        return (
          <Tooltip key={command.id} title={label}>
            <Button
              type={active(command) ? 'primary' : 'text'}
              icon={ICONS[command.id]}
              aria-label={label}
              aria-pressed={command.active ? active(command) : undefined}
              disabled={disabled(command)}
              onClick={() => stage && command.run(stage)}
            />
          </Tooltip>
        )
      })}
      <Tooltip title={t('tools.export')}>
        <Button
          type="text"
          icon={<ExportOutlined />}
          aria-label={t('tools.export')}
          disabled={!stage}
          onClick={() => stage && openExport(...ofStage(stage, name, t))}
        />
      </Tooltip>
      <Dropdown
        trigger={['click']}
        placement="topRight"
        menu={{
          // Longer than a small window is high.
          style: { maxHeight: 'min(72vh, 44rem)', overflowY: 'auto' },
          selectedKeys: rest.filter(active).map(({ id }) => id),
          items: rest.map((command) => ({
            key: command.id,
            icon: ICONS[command.id],
            label: t(`command.${command.id}`),
            extra: <kbd>{command.key.toUpperCase()}</kbd>,
            disabled: disabled(command),
          })),
          onClick: ({ key }) => stage && COMMANDS.find(({ id }) => id === key)?.run(stage),
        }}
      >
        <Button type={rest.some(active) ? 'primary' : 'text'} icon={<EllipsisOutlined />} aria-label={t('tools.more')} aria-haspopup="menu" disabled={!stage} />
      </Dropdown>
    </div>
  )
}

/** A compass needle that turns with the view. */
function North({ className }: { className?: string }) {
  const stage = useStage()
  const [degrees, setDegrees] = useState(0)
  useEffect(() => {
    if (!stage) return
    const turn = (): void => {
      const { position, target } = stage.viewer.camera
      setDegrees((-Math.atan2(target[0] - position[0], target[1] - position[1]) * 180) / Math.PI)
    }
    turn()
    return stage.viewer.on('camera', turn)
  }, [stage])
  // The icon's needle points to the north-east at rest.
  return <CompassOutlined className={className} style={{ transform: `rotate(${Math.round(degrees - 45)}deg)` }} />
}
