/** The wall: the whole park, live, at a glance. */
import { Button } from 'antd'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'

import { onAlarmEvent } from '../../api/live'
import { useAlarms } from '../../api/alarms'
import { useStore } from '../../api/store'
import { api } from '../../api/client'
import type { ObjectCard as Card } from '../../api/types'
import { ChosenCard } from '../../components/chosen-card'
import { HelpOverlay } from '../../components/help-overlay'
import { useHotKeys } from '../../components/hot-keys'
import { LayersDrawer } from '../../components/layers-drawer'
import { SeverityMark } from '../../components/severity-mark'
import { Stage } from '../../components/stage'
import { StageContext, useStageState } from '../../components/stage-context'
import { StageMenu } from '../../components/context-menu'
import { ErrorCard } from '../../components/states'
import { openStoreyNumber } from '../../components/storey-switch'
import { useToast } from '../../components/toast'
import { useWindowSize } from '../../components/use-window-size'
import { addressHasView } from '../../components/views'
import { useScene } from '../../components/use-park'
import { useText } from '../../i18n/use-text'
import { presentPark } from '../../tools/buildings'
import { poseFromText, readAddress } from '../../tools/deep-link'
import { appearance } from '../../styles/scale'
import { goToAlarm } from '../../tools/go-to-alarm'
import { grow } from '../../tools/stage-controller'
import type { StageController } from '../../tools/stage-controller'
import { themeOf } from '../../tools/themes'
import type { ThemeId } from '../../tools/themes'
import { BottomBar } from './bottom-bar'
import { BrainHeader } from './brain-header'
import styles from './brain-screen.module.css'
import { Figures } from './figures'
import { isWide, STANDARD, WIDE } from './layouts'
import { Timeline } from './timeline'
import { useAlarmPull } from './use-alarm-pull'
import { useAddress, useAlarmColors, useLabelClicks, useLabels, useThemeColors } from './use-stage-life'
import { WallColumns } from './wall-columns'

/** Text of the stage's labels on a wall of 1080 lines: read from across the room. */
const LABEL_PX = 18

/** Bring the stage to what the address says. */
async function applyAddress(stage: StageController): Promise<void> {
  if (addressHasView()) return
  const pose = poseFromText(readAddress('cam'))
  const gid = readAddress('gid')
  const concept = readAddress('concept')
  const storey = stage.findStorey(readAddress('storey') ?? '')
  if (storey) await stage.openStorey(storey.layer, storey.storey, { fly: !pose })
  const item = gid ? await api.get<Card>('/objects/card', { gid }) : null
  if (item) stage.choose(item.gid, item.state)
  if (concept) stage.showConcept(concept) // after the choice, which closes concepts; before the flight, which may be cut short
  if (pose) await stage.viewer.setCamera(pose, 0)
  else if (item?.box) await stage.viewer.flyTo(grow(item.box, 1.5))
}

export function BrainScreen() {
  const { t, pick } = useText()
  const toast = useToast()
  const [stage, setStage] = useState<StageController | null>(null)
  const [theme, setTheme] = useState<ThemeId>(() => themeOf(readAddress('theme')).id)
  const [layersOpen, setLayersOpen] = useState(false)
  const [helpOpen, setHelpOpen] = useState(false)
  const searchFocus = useRef<(() => void) | null>(null)
  const { data: scene, error: sceneError, reload } = useScene()
  const present = useMemo(() => scene && presentPark(scene), [scene])
  const { data: alarms } = useAlarms()
  const size = useWindowSize()
  const wide = isWide(size.width, size.height)
  const layout = wide ? WIDE : STANDARD
  const unit = useStore(appearance, (value) => value.unit)
  const middle = useRef<HTMLElement>(null)

  const adopt = useCallback(
    (next: StageController | null) => {
      setStage(next)
      if (next) applyAddress(next).catch(toast.problem)
    },
    [toast],
  )

  const legend = useThemeColors(stage, theme)
  useAlarmColors(stage, alarms, theme)
  useLabels(stage, alarms, theme)
  useLabelClicks(stage, alarms)
  useAlarmPull(stage)
  useAddress(stage, theme)
  useHotKeys({
    stage,
    onSearch: () => searchFocus.current?.(),
    onHelp: () => setHelpOpen(true),
    onDigit: (digit) => openStoreyNumber(stage, digit),
  })

  useEffect(
    () =>
      onAlarmEvent((event, alarm) => {
        if ((event !== 'raised' && event !== 'escalated') || (alarm.severity !== 'critical' && alarm.severity !== 'major')) return
        toast.notice(
          alarm.severity,
          pick(alarm.message_zh, alarm.message_en),
          alarm.name ?? undefined,
          <Button size="small" onClick={() => stage && void goToAlarm(stage, alarm).catch(toast.problem)}>
            {t('alarms.go')}
          </Button>,
        )
      }),
    [stage, toast, t, pick],
  )

  return (
    <StageContext value={stage}>
      <div className={`${styles.wall} ${wide ? styles.wide : ''}`}>
        <Stage manifest={present} look="night" label={t('stage.label')} labelSize={LABEL_PX * unit} free={middle} onStage={adopt}>
          {sceneError && !scene ? (
            <div style={{ position: 'absolute', inset: 0, display: 'grid', placeContent: 'center' }}>
              <ErrorCard title={t('stage.failed')} error={sceneError} retry={reload} />
            </div>
          ) : null}
        </Stage>
        <div className={styles.shade} />
        <div className={styles.layout}>
          <div className={styles.header}>
            <BrainHeader theme={theme} onTheme={setTheme} />
          </div>
          <div className={styles.figures}>
            <Figures />
          </div>
          <WallColumns columns={layout.left} label={t('brain.situation')} />
          <main ref={middle} id="main" className={styles.center} tabIndex={-1} aria-label={t('stage.label')}>
            <Away />
            <ChosenCard className={styles.card} />
          </main>
          <WallColumns columns={layout.right} label={t('brain.events')} />
          <div className={styles.timeline}>
            <Timeline />
          </div>
          <div className={styles.bottom}>
            <BottomBar
              legend={legend}
              searchFocus={searchFocus}
              onLayers={() => setLayersOpen((before) => !before)}
              onHelp={() => setHelpOpen(true)}
            />
          </div>
        </div>
        <StageMenu />
        <LayersDrawer open={layersOpen} onClose={() => setLayersOpen(false)} />
        <HelpOverlay open={helpOpen} onClose={() => setHelpOpen(false)} />
      </div>
    </StageContext>
  )
}

/** Shown while an alarm or a search has pulled the stage: one click returns. */
function Away() {
  const { t } = useText()
  const away = useStageState((state) => state.away || state.storey !== null || state.isolated !== null, false)
  const storey = useStageState((state) => state.storey, null)
  return (
    <StageContext.Consumer>
      {(stage) =>
        away && stage ? (
          <div className={styles.away} role="status">
            <SeverityMark mark="notice" />
            <span>{storey ? t('brain.storeyOpen', { name: storey.storey.name }) : t('brain.closeUp')}</span>
            <Button type="primary" size="small" onClick={() => void stage.comeBack()}>
              {t('brain.back')}
            </Button>
          </div>
        ) : null
      }
    </StageContext.Consumer>
  )
}
