/** The open tool's panel and the map, above the tool bar. Each panel is fetched when it is first opened. */
import { CloseOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, Suspense } from 'react'
import type { ComponentType } from 'react'

import { useText } from '../../i18n/use-text'
import { OVERLAYS } from '../../tools/overlays/choice'
import type { ToolPanel } from '../../tools/stage-controller'
import { ErrorBoundary } from '../error-boundary'
import { Skeleton } from '../states'
import { useStage, useStageState } from '../stage-context'
import styles from './tool-panel.module.css'

const PANELS: Record<ToolPanel, ComponentType<{ name: string }>> = {
  select: lazy(() => import('./select-panel')),
  measure: lazy(() => import('./measure-panel')),
  section: lazy(() => import('./section-panel')),
  explode: lazy(() => import('./explode-panel')),
  look: lazy(() => import('./look-panel')),
  views: lazy(() => import('./views-panel')),
  picture: lazy(() => import('./picture-panel')),
  heat: lazy(() => import('./heat-panel')),
  flows: lazy(() => import('./flows-panel')),
  tracks: lazy(() => import('./tracks-panel')),
  cones: lazy(() => import('./cones-panel')),
  pit: lazy(() => import('./pit-panel')),
}
const MapPanel = lazy(() => import('./map-panel'))
const OverlayHost = lazy(() => import('./overlay-host'))

export function ToolPanels({ name }: { name: string }) {
  const stage = useStage()
  const { t } = useText()
  const open = useStageState((state) => state.panel, null)
  const map = useStageState((state) => state.map, false)
  const overlaid = useStageState((state) => OVERLAYS.some((one) => state.overlays[one] !== null), false)
  const titles = {
    select: t('select.title'),
    measure: t('measuring.title'),
    section: t('cutting.title'),
    explode: t('exploding.title'),
    look: t('looking.title'),
    views: t('viewing.title'),
    picture: t('picturing.title'),
    heat: t('heat.title'),
    flows: t('flowing.title'),
    tracks: t('tracking.title'),
    cones: t('filming.title'),
    pit: t('digging.title'),
  }
  const Panel = open && PANELS[open]
  return (
    <>
      {map ? (
        <Suspense fallback={null}>
          <MapPanel />
        </Suspense>
      ) : null}
      {overlaid ? (
        <Suspense fallback={null}>
          <OverlayHost />
        </Suspense>
      ) : null}
      {Panel ? (
        <section className={styles.panel} aria-label={titles[open]}>
          <header className={styles.head}>
            <h2>{titles[open]}</h2>
            <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t('action.close')} onClick={() => stage?.setPanel(null)} />
          </header>
          <div className={`${styles.body} scroll`}>
            <ErrorBoundary key={open}>
              <Suspense fallback={<Skeleton rows={4} />}>
                <Panel name={name} />
              </Suspense>
            </ErrorBoundary>
          </div>
        </section>
      ) : null}
    </>
  )
}
