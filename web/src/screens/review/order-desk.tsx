/** The desk of a layer's order (规整): what reading repaired, what the author must mend, on the model. */
import { ArrowLeftOutlined, FilePdfOutlined, FileTextOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { Link, useParams } from 'react-router-dom'

import { api } from '../../api/client'
import { useResource } from '../../api/resource'
import type { LayerOrder, ObjectCard, OrderFinding, SceneManifest } from '../../api/types'
import { StageMenu } from '../../components/context-menu'
import { HelpOverlay } from '../../components/help-overlay'
import { useHotKeys } from '../../components/hot-keys'
import { StageContext } from '../../components/stage-context'
import { ErrorCard, Skeleton } from '../../components/states'
import { openStoreyNumber } from '../../components/storey-switch'
import { useToast } from '../../components/toast'
import { useScene } from '../../components/use-park'
import { useText } from '../../i18n/use-text'
import desk from '../../styles/desk.module.css'
import { readAddress, updateAddress } from '../../tools/deep-link'
import type { StageController } from '../../tools/stage-controller'
import { DeskStage } from './desk-stage'
import { OrderDetail } from './order-detail'
import { litFirst } from './order-groups'
import { OrderList } from './order-list'
import styles from './review-desk.module.css'
import { useFindingsOnStage } from './use-findings-on-stage'
import type { StageFinding } from './use-findings-on-stage'

export function OrderScreen() {
  const { layer } = useParams()
  return layer ? <OrderDesk key={layer} layer={layer} /> : null
}

/** The layer by itself: what stands around it says nothing about its order. */
function alone(scene: SceneManifest, layer: string): SceneManifest {
  return { ...scene, layers: scene.layers.filter((one) => one.layer === layer).map((one) => ({ ...one, visible: true })) }
}

function onStage(finding: OrderFinding): StageFinding {
  return { ...finding, rule: finding.code }
}

function OrderDesk({ layer }: { layer: string }) {
  const { t } = useText()
  const toast = useToast()
  const [stage, setStage] = useState<StageController | null>(null)
  const [chosen, setChosen] = useState<string | null>(() => readAddress('finding'))
  const [help, setHelp] = useState(false)
  const { data: scene } = useScene()
  const { data: order, error, reload } = useResource<LayerOrder>(`layers/${layer}/findings`, () => api.get(`/layers/${layer}/findings`))
  const manifest = useMemo(() => (scene ? alone(scene, layer) : undefined), [scene, layer])
  const finding = order?.items.find((one) => one.id === chosen) ?? null
  const shown = useMemo(() => (finding ? onStage(finding) : null), [finding])
  const lit = useMemo(() => (shown ? [shown] : order && litFirst(order.items).map(onStage)), [order, shown])
  const box = manifest?.layers[0]?.box

  useFindingsOnStage(stage, lit, shown)
  useEffect(() => updateAddress({ finding: chosen }), [chosen])
  const adopt = useCallback(
    (next: StageController | null) => {
      setStage(next)
      if (next && box) void next.viewer.flyTo(box, { duration: 0 })
    },
    [box],
  )
  useHotKeys({
    stage,
    onHelp: () => setHelp(true),
    onDigit: (digit) => openStoreyNumber(stage, digit),
    onKey: (event) => {
      if ((event.key !== 'n' && event.key !== 'p') || !order) return false
      const index = order.items.findIndex((one) => one.id === chosen)
      const next = order.items[index + (event.key === 'n' ? 1 : -1)]
      if (next) setChosen(next.id)
      return true
    },
  })
  const openObject = (gid: string): void => {
    api.get<ObjectCard>('/objects/card', { gid }).then((item) => stage?.reveal(item), toast.problem)
  }
  if (error && !order) return <ErrorCard title={t('order.cannotOpen')} error={error} retry={reload} />
  const open = order?.items.filter((one) => !one.repaired).length ?? 0
  return (
    <StageContext value={stage}>
      <div className={styles.desk}>
        <div className={`${desk.bar} ${styles.bar}`}>
          <Link to="/admin/layers" aria-label={t('order.back')}>
            <ArrowLeftOutlined />
          </Link>
          <h1>{order ? t('order.title', { name: order.title }) : ''}</h1>
          {order ? (
            <div className={styles.stages}>
              <span>{t('order.counts', { open, repaired: order.items.length - open })}</span>
              <span>{order.source}</span>
            </div>
          ) : null}
          <span className={styles.spacer} />
          <Button icon={<FileTextOutlined />} href={api.url(`/layers/${layer}/order.html`)} target="_blank" rel="noreferrer">
            {t('order.report')}
          </Button>
          <Button icon={<FilePdfOutlined />} href={api.url(`/layers/${layer}/order.pdf`)} target="_blank" rel="noreferrer">
            PDF
          </Button>
        </div>
        <section className={desk.left} aria-label={t('review.findings')}>
          {order ? <OrderList items={order.items} chosen={chosen} onChoose={(next) => setChosen(next.id)} /> : <Skeleton rows={10} />}
        </section>
        <DeskStage manifest={manifest} layer={layer} name={layer} onStage={adopt} />
        <aside className={desk.right} aria-label={t('order.detail')}>
          <OrderDetail finding={finding} onObject={openObject} />
        </aside>
      </div>
      <StageMenu />
      <HelpOverlay open={help} onClose={() => setHelp(false)} />
    </StageContext>
  )
}
