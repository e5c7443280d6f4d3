/** Schemes over one base: one camera, figures beside the picture, the choice and its reason. */
import { CameraOutlined, CheckCircleOutlined, DownloadOutlined, QuestionCircleOutlined } from '@ant-design/icons'
import { Button, Segmented, Tag } from 'antd'
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'

import { api } from '../../api/client'
import { useResource } from '../../api/resource'
import { usePermission } from '../../api/session'
import type { Comparison, SceneScheme } from '../../api/types'
import { StageMenu } from '../../components/context-menu'
import { saveFile } from '../../components/copy'
import { HelpOverlay } from '../../components/help-overlay'
import { useHotKeys } from '../../components/hot-keys'
import { ChosenCard } from '../../components/chosen-card'
import { Stage } from '../../components/stage'
import { StageContext } from '../../components/stage-context'
import { Empty, ErrorCard, Skeleton } from '../../components/states'
import { openStoreyNumber } from '../../components/storey-switch'
import { ToolBar } from '../../components/tool-bar'
import { VrButton } from '../../components/vr-button'
import { useToast } from '../../components/toast'
import { useScene } from '../../components/use-park'
import { formatMoment, formatNumber } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { plannedPark } from '../../tools/buildings'
import { poseFromText, poseToText, readAddress, updateAddress } from '../../tools/deep-link'
import type { StageController } from '../../tools/stage-controller'
import { toCsv } from './comparison'
import { DecisionDialog } from './decision-dialog'
import { IndicatorTable } from './indicator-table'
import { arrange, BASE, boxOfSchemes, MODES } from './panes'
import type { CompareMode } from './panes'
import styles from './planning-screen.module.css'
import { SwipeDivider } from './swipe-divider'
import { useHides, useLitObjects, usePanes } from './use-scheme-stage'

/** Its slider comes beside the stage, which takes longer. */
const SunBar = lazy(() => import('./sun-bar').then((module) => ({ default: module.SunBar })))

const MOST_COMPARED = 4
const TOOLS = ['fit', 'box', 'section', 'measure', 'explode', 'views', 'picture'] as const

export function PlanningScreen() {
  const { t, pick } = useText()
  const toast = useToast()
  const { data: scene, error: sceneError, reload } = useScene()
  const { data: comparison, error, reload: reloadTable } = useResource<Comparison>('comparison', () => api.get('/schemes/comparison'))
  const mayDecide = usePermission('scheme.decide')
  const [stage, setStage] = useState<StageController | null>(null)
  const [mode, setMode] = useState<CompareMode>(() => MODES.find((one) => one === readAddress('mode')) ?? 'side')
  const [chosen, setChosen] = useState<string[] | null>(() => readAddress('schemes')?.split(',') ?? null)
  const [split, setSplit] = useState(0.5)
  const [shown, setShown] = useState(BASE)
  const [openRow, setOpenRow] = useState<string | null>(null)
  const [deciding, setDeciding] = useState(false)
  const [help, setHelp] = useState(false)
  const frame = useRef<HTMLDivElement>(null)

  const planned = useMemo(() => scene && plannedPark(scene), [scene])
  const schemes = useMemo(() => scene?.schemes ?? [], [scene])
  const base: SceneScheme = { id: BASE, name: t('planning.base'), name_en: t('planning.base'), colour: '#8695a8', layers: [], hides: [] }
  const all = [...schemes, base]
  const compared = chosen?.filter((id) => all.some((one) => one.id === id)) ?? schemes.slice(0, 2).map((one) => one.id)
  const flip = compared.includes(shown) ? shown : (compared[0] ?? BASE)
  const arrangement = { mode, chosen: compared, split, shown: flip }
  const hides = useHides(scene)
  usePanes(stage, arrangement, hides)
  const row = comparison?.rows.find((one) => one.name === openRow)
  useLitObjects(stage, row)

  const comparedText = compared.join()
  useEffect(() => updateAddress({ mode, schemes: comparedText || null }), [mode, comparedText])

  const adopt = useCallback((next: StageController | null) => {
    setStage(next)
    if (!next) return
    const pose = poseFromText(readAddress('cam'))
    const box = boxOfSchemes(next.manifest)
    if (pose) void next.viewer.setCamera(pose, 0)
    else if (box) void next.viewer.flyTo(box, { duration: 0 })
  }, [])
  useEffect(() => {
    if (!stage) return
    let timer: ReturnType<typeof setTimeout> | null = null
    const stop = stage.viewer.on('camera', (pose) => {
      if (timer) clearTimeout(timer)
      timer = setTimeout(() => updateAddress({ cam: poseToText(pose) }), 400)
    })
    return () => {
      stop()
      if (timer) clearTimeout(timer)
    }
  }, [stage])

  const flipNext = (): void => setShown(compared[(compared.indexOf(flip) + 1) % Math.max(1, compared.length)] ?? BASE)
  useHotKeys({
    stage,
    onHelp: () => setHelp(true),
    onDigit: (digit) => openStoreyNumber(stage, digit),
    onKey: (event) => {
      if (event.key !== ' ' || mode !== 'flip' || event.target instanceof HTMLButtonElement) return false
      flipNext()
      return true
    },
  })

  const toggle = (id: string): void => {
    if (mode === 'flip' && compared.includes(id)) return setShown(id)
    const next = compared.includes(id) ? compared.filter((one) => one !== id) : [...compared, id].slice(-MOST_COMPARED)
    if (next.length > 0) setChosen(next)
  }
  const exportTable = (): void => {
    if (!comparison) return
    const csv = toCsv(comparison.rows, schemes, {
      indicator: t('planning.indicator'),
      unit: t('planning.unit'),
      limit: t('planning.limit'),
      verdict: t('planning.verdict'),
      word: (verdict) => (verdict === 'none' ? '' : t(`verdict.${verdict as 'pass'}`)),
      title: (one) => pick(one.title_zh, one.title_en),
      name: (scheme) => pick(scheme.name, scheme.name_en),
    })
    saveFile(`${t('planning.table')}.csv`, new Blob([csv], { type: 'text/csv;charset=utf-8' }))
  }
  const picture = (): void => {
    stage?.viewer.screenshot().then((blob) => saveFile(`${t('planning.table')}.png`, blob), toast.problem)
  }

  if (scene && schemes.length === 0) return <Empty title={t('planning.none')} hint={t('planning.noneHint')} />
  const panes = arrange(arrangement, schemes, hides)
  return (
    <StageContext value={stage}>
      <div className={styles.screen}>
        <div className={styles.bar}>
          <h1 className="visually-hidden">{t('screen.planning')}</h1>
          <div className={styles.chips} role="group" aria-label={t('planning.schemes')}>
            {all.map((scheme) => (
              <button
                key={scheme.id}
                type="button"
                className={styles.chip}
                aria-pressed={mode === 'flip' ? scheme.id === flip : compared.includes(scheme.id)}
                onClick={() => toggle(scheme.id)}
              >
                <i style={{ background: scheme.colour || 'var(--accent)' }} aria-hidden="true" />
                {pick(scheme.name, scheme.name_en)}
                {comparison?.decision?.scheme === scheme.id ? (
                  <Tag color="success" variant="outlined" style={{ marginInlineEnd: 0 }}>
                    {t('planning.decided')}
                  </Tag>
                ) : null}
              </button>
            ))}
          </div>
          <Segmented<CompareMode>
            value={mode}
            onChange={setMode}
            options={MODES.map((one) => ({ value: one, label: t(`planning.${one}`) }))}
            aria-label={t('planning.mode')}
          />
          <span className={styles.spacer} />
          <Button type="text" icon={<QuestionCircleOutlined />} aria-label={t('help.keys')} onClick={() => setHelp(true)} />
          <VrButton />
          <Button icon={<CameraOutlined />} disabled={!stage} onClick={picture}>
            {t('planning.picture')}
          </Button>
          <Button icon={<DownloadOutlined />} disabled={!comparison} onClick={exportTable}>
            {t('planning.csv')}
          </Button>
          {mayDecide ? (
            <Button type="primary" icon={<CheckCircleOutlined />} onClick={() => setDeciding(true)}>
              {t('decision.title')}
            </Button>
          ) : null}
        </div>
        <div className={styles.stage} ref={frame}>
          <Stage manifest={planned} label={t('stage.label')} onStage={adopt}>
            {sceneError && !scene ? <ErrorCard title={t('stage.failed')} error={sceneError} retry={reload} /> : null}
          </Stage>
          {panes.map((pane) => {
            const scheme = all.find((one) => one.id === pane.id) ?? base
            const [left, top, width] = pane.rect
            // In a swipe the right name stands at the right edge, so that both stay readable wherever the line is.
            const right = mode === 'swipe' && left > 0
            return (
              <span
                key={pane.id}
                className={styles.name}
                style={{
                  top: `calc(${top * 100}% + var(--space-4))`,
                  ...(right ? { right: 'var(--space-4)' } : { left: `calc(${left * 100}% + var(--space-4))`, maxWidth: `${width * 100}%` }),
                }}
              >
                <i style={{ background: scheme.colour || 'var(--accent)' }} aria-hidden="true" />
                {pick(scheme.name, scheme.name_en)}
              </span>
            )
          })}
          {mode === 'side'
            ? panes.slice(1).map((pane) => (
                <i
                  key={pane.id}
                  className={styles.seam}
                  style={{ left: `${pane.rect[0] * 100}%`, top: `${pane.rect[1] * 100}%`, height: `${pane.rect[3] * 100}%` }}
                />
              ))
            : null}
          {mode === 'swipe' && compared.length > 1 ? <SwipeDivider frame={frame} value={split} onChange={setSplit} /> : null}
          <ChosenCard className={styles.card} />
          <div className={styles.foot}>
            <Suspense>
              <SunBar />
            </Suspense>
            <div className={styles.tools}>
              <ToolBar commands={TOOLS} name="planning" />
            </div>
          </div>
        </div>
        <aside className={styles.side} aria-label={t('planning.table')}>
          <div className={`${styles.table} scroll`} tabIndex={0} role="region" aria-label={t('planning.table')}>
            {error && !comparison ? <ErrorCard error={error} retry={reloadTable} /> : null}
            {!comparison && !error ? <Skeleton rows={9} /> : null}
            {comparison ? <IndicatorTable rows={comparison.rows} schemes={schemes} open={openRow} onOpen={setOpenRow} /> : null}
            {comparison ? <Summary comparison={comparison} schemes={schemes} /> : null}
          </div>
        </aside>
      </div>
      <StageMenu />
      <HelpOverlay open={help} onClose={() => setHelp(false)} />
      <DecisionDialog open={deciding} schemes={schemes} last={comparison?.decision ?? null} onClose={() => setDeciding(false)} />
    </StageContext>
  )
}

/** The plot and the choice that was made, under the table. */
function Summary({ comparison, schemes }: { comparison: Comparison; schemes: readonly SceneScheme[] }) {
  const { t, language, pick } = useText()
  const { plot, decision } = comparison
  const chosen = schemes.find((scheme) => scheme.id === decision?.scheme)
  return (
    <dl className={styles.summary}>
      <dt>{t('planning.plot')}</dt>
      <dd>{plot.area === null ? t('planning.noPlot') : `${formatNumber(plot.area, language, 0)} m²`}</dd>
      <dt>{t('decision.title')}</dt>
      <dd>
        {decision ? (
          <>
            <strong>{chosen ? pick(chosen.name, chosen.name_en) : decision.scheme}</strong> · {decision.by} · {formatMoment(decision.at)}
            <br />
            {decision.reason}
          </>
        ) : (
          t('planning.undecided')
        )}
      </dd>
    </dl>
  )
}
