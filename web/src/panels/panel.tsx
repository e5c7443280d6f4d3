/** A panel's frame: title, lazy body, skeleton, and an error card when the body throws. */
import { Suspense } from 'react'

import { ErrorBoundary } from '../components/error-boundary'
import { ErrorCard, Skeleton } from '../components/states'
import { useText } from '../i18n/use-text'
import styles from './panel.module.css'
import { PANELS } from './registry'
import type { PanelId } from './registry'

export function Panel({ id, grow = 1 }: { id: PanelId; grow?: number }) {
  const { t } = useText()
  const Body = PANELS[id] as (typeof PANELS)[PanelId] | undefined
  const title = t(`panel.${id}`)
  return (
    <section className={styles.panel} style={{ flex: `${grow} 1 0` }} aria-label={title}>
      <h2 className={styles.title}>{title}</h2>
      <div className={styles.body}>
        <ErrorBoundary title={t('panel.failed', { title })}>
          {Body ? (
            <Suspense fallback={<Skeleton />}>
              <Body />
            </Suspense>
          ) : (
            <ErrorCard error={new Error(t('panel.unknown', { id }))} />
          )}
        </ErrorBoundary>
      </div>
    </section>
  )
}
