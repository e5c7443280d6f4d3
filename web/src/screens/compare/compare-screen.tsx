/** Two versions of a layer: what changed, in the model, as a list, and one by one. */
import { SwapOutlined } from '@ant-design/icons'
import { Button, Select } from 'antd'
import { useCallback, useEffect, useMemo, useState } from 'react'

import { api, withQuery } from '../../api/client'
import type { Diff, DiffItem, LayerWithVersions } from '../../api/diff'
import { useResource } from '../../api/resource'
import type { LayerRow } from '../../api/types'
import { HelpOverlay } from '../../components/help-overlay'
import { useHotKeys } from '../../components/hot-keys'
import { Stage } from '../../components/stage'
import { StageContext, useStageState } from '../../components/stage-context'
import { Empty, ErrorCard, Skeleton } from '../../components/states'
import { openStoreyNumber, StoreySwitch } from '../../components/storey-switch'
import { ToolBar } from '../../components/tool-bar'
import { useScene } from '../../components/use-park'
import { formatMoment } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import desk from '../../styles/desk.module.css'
import { readAddress, updateAddress } from '../../tools/deep-link'
import type { StageController } from '../../tools/stage-controller'
import { ChangeDetail } from './change-detail'
import { ChangeList } from './change-list'
import styles from './compare-screen.module.css'
import { kindsOf } from './groups'
import { comparedScene } from './scene'
import { useDiffOnStage } from './use-diff-on-stage'

const TOOLS = ['fit', 'xray', 'section', 'measure', 'walk', 'showAll'] as const
const STEP = 200

export function CompareScreen() {
  const { t, pick } = useText()
  const [layer, setLayer] = useState<string | null>(() => readAddress('layer'))
  const [pair, setPair] = useState<{ from: string | null; to: string | null }>(() => ({ from: readAddress('from'), to: readAddress('to') }))
  const { data: layers, error: layersError, reload } = useResource<LayerRow[]>('layers', () => api.get('/layers'))
  const several = layers?.filter((row) => row.version_count > 1) ?? []
  const name = layer ?? several[0]?.layer ?? null
  const row = layers?.find((one) => one.layer === name)
  const { data: detail } = useResource<LayerWithVersions>(name ? `layers/${name}` : null, () => api.get(`/layers/${name ?? ''}`))
  const versions = detail?.versions ?? []
  const to = pair.to ?? detail?.version ?? null
  const place = versions.findIndex((one) => one.version === to)
  const from = pair.from ?? versions[place > 0 ? place - 1 : 1]?.version ?? null
  useEffect(() => updateAddress({ layer: name, from: pair.from, to: pair.to }), [name, pair])

  if (layersError && !layers) return <ErrorCard error={layersError} retry={reload} />
  if (layers && several.length === 0 && (row?.version_count ?? 0) < 2) return <Empty title={t('compare.none')} hint={t('compare.noneHint')} />
  const options = versions.toReversed().map((one) => ({
    value: one.version,
    label: `${formatMoment(one.built_at)} · ${one.version.slice(0, 8)}${one.published ? ` · ${t('compare.published')}` : ''}`,
  }))
  return (
    <div className={styles.screen}>
      <div className={desk.bar}>
        <h1>{t('screen.compare')}</h1>
        <Select
          className={styles.layer}
          value={name}
          aria-label={t('compare.layer')}
          options={several.map((one) => ({ value: one.layer, label: pick(one.title, one.title_en) || one.layer }))}
          onChange={(value: string) => {
            setLayer(value)
            setPair({ from: null, to: null })
          }}
        />
        <Select className={styles.version} value={from} aria-label={t('compare.old')} prefix={t('compare.old')} options={options} onChange={(value: string) => setPair({ from: value, to })} />
        <Button type="text" icon={<SwapOutlined />} aria-label={t('compare.swap')} title={t('compare.swap')} disabled={!from || !to} onClick={() => setPair({ from: to, to: from })} />
        <Select className={styles.version} value={to} aria-label={t('compare.new')} prefix={t('compare.new')} options={options} onChange={(value: string) => setPair({ from, to: value })} />
      </div>
      {row && from && to ? <Desk key={`${row.layer}/${from}/${to}`} row={row} from={from} to={to} /> : <Skeleton rows={8} />}
    </div>
  )
}

function Desk({ row, from, to }: { row: LayerRow; from: string; to: string }) {
  const { t } = useText()
  const [stage, setStage] = useState<StageController | null>(null)
  const [groups, setGroups] = useState<ReadonlySet<string>>(new Set())
  const [text, setText] = useState('')
  const [asked, setAsked] = useState('')
  const [limit, setLimit] = useState(STEP)
  const [chosen, setChosen] = useState<DiffItem | null>(null)
  const [help, setHelp] = useState(false)
  const { data: scene } = useScene()
  const path = `/layers/${row.layer}/diff`
  const head = withQuery(path, { from, to, limit: 0 })
  const { data: diff, error, reload } = useResource<Diff>(head, () => api.get(head))
  const kinds = groups.size > 0 ? kindsOf(groups) : []
  const listed = withQuery(path, { from, to, q: asked, limit }) + kinds.map((kind) => `&kind=${kind}`).join('')
  const { data: page } = useResource<Diff>(diff ? listed : null, () => api.get(listed))
  const compared = useMemo(() => (scene && diff ? comparedScene(scene, row, diff) : null), [scene, diff, row])

  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 250)
    return () => clearTimeout(timer)
  }, [text])
  useDiffOnStage(stage, compared, diff, groups, chosen)
  const adopt = useCallback(
    (next: StageController | null) => {
      setStage(next)
      const box = compared?.newLayer.box
      if (next && box) void next.viewer.flyTo(box, { duration: 0 })
    },
    [compared],
  )
  const items = page ? [...page.items, ...page.concepts] : []
  useHotKeys({
    stage,
    onHelp: () => setHelp(true),
    onDigit: (digit) => openStoreyNumber(stage, digit),
    onKey: (event) => {
      if (event.key !== 'n' && event.key !== 'p') return false
      const index = items.findIndex((one) => one.gid === chosen?.gid)
      const next = items[index + (event.key === 'n' ? 1 : -1)]
      if (next) setChosen(next)
      return true
    },
  })
  const pickObject = useCallback(
    (gid: string) => {
      api
        .get<Diff>(path, { from, to, q: gid.slice(gid.indexOf('/') + 1), limit: 5 })
        .then((found) => setChosen(found.items.find((one) => one.gid === gid || one.old_gid === gid) ?? null))
        .catch(() => undefined) // the list still tells what the click could not
    },
    [path, from, to],
  )
  if (error && !diff) return <ErrorCard title={t('compare.failed')} error={error} retry={reload} />
  if (!diff) return <Skeleton rows={8} />
  return (
    <StageContext value={stage}>
      <div className={styles.desk}>
        <section className={desk.left} aria-label={t('compare.changes')}>
          <ChangeList
            diff={diff}
            page={page}
            groups={groups}
            text={text}
            chosen={chosen?.gid ?? null}
            onGroups={(next) => {
              setGroups(next)
              setLimit(STEP)
            }}
            onText={setText}
            onChoose={setChosen}
            onMore={() => setLimit(limit + STEP)}
          />
        </section>
        <div className={desk.stage}>
          <Stage manifest={compared?.manifest} label={t('stage.label')} onStage={adopt} />
          <PickedObject onPick={pickObject} />
          <div className={desk.storeys}>
            <StoreySwitch prefer={row.layer} />
          </div>
          <div className={desk.tools}>
            <ToolBar commands={TOOLS} name={`${row.layer}-diff`} />
          </div>
        </div>
        <aside className={desk.right} aria-label={t('compare.detail')}>
          <ChangeDetail item={chosen} />
        </aside>
      </div>
      <HelpOverlay open={help} onClose={() => setHelp(false)} />
    </StageContext>
  )
}

/** Tells which object was clicked in the model. */
function PickedObject({ onPick }: { onPick: (gid: string) => void }) {
  const selected = useStageState((state) => state.selected, null)
  useEffect(() => {
    if (selected) onPick(selected)
  }, [selected, onPick])
  return null
}
