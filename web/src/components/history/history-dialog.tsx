/** A point's samples of a span, what people corrected of them and why; who may, corrects more and undoes. */
import { Button, Modal } from 'antd'
import { useCallback, useEffect, useState } from 'react'

import type { Correction, SamplePage, Span } from '../../api/history'
import { getCorrections, getSamples } from '../../api/history'
import { usePast } from '../../api/past'
import { usePermission } from '../../api/session'
import { formatMoment } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { Empty, ErrorCard, Skeleton } from '../states'
import { CorrectionForm } from './correction-form'
import { CorrectionList } from './correction-list'
import styles from './history.module.css'
import { SampleList } from './sample-list'
import type { Chosen } from './sample-rows'

interface Properties {
  open: boolean
  pointId: string
  name: string
  unit: string
  span: Span
  onClose: (changed: boolean) => void
}

export function HistoryDialog({ open, ...given }: Properties) {
  return open ? <Opened {...given} /> : null
}

function Opened({ pointId, name, unit, span, onClose }: Omit<Properties, 'open'>) {
  const { t } = useText()
  const [whole] = useState(span) // the curve goes on; what is looked at here stays
  const [from, setFrom] = useState(whole.from)
  const [page, setPage] = useState<SamplePage | null>(null)
  const [corrections, setCorrections] = useState<Correction[]>([])
  const [error, setError] = useState<Error | null>(null)
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [changed, setChanged] = useState(false)
  const past = usePast()
  const allowed = usePermission('history.correct') && !past

  const load = useCallback(() => {
    Promise.all([getSamples(pointId, { from, to: whole.to }), getCorrections(pointId, whole)]).then(
      ([samples, made]) => {
        setPage(samples)
        setCorrections(made.items)
        setError(null)
      },
      (problem: unknown) => setError(problem instanceof Error ? problem : new Error(String(problem))),
    )
  }, [pointId, from, whole])
  useEffect(load, [load])
  const turn = (next: number): void => {
    setChosen(null)
    setFrom(next)
  }
  const done = (): void => {
    setChosen(null)
    setChanged(true)
    load()
  }
  return (
    <Modal open width="72rem" title={t('history.title', { name })} footer={null} onCancel={() => onClose(changed)} destroyOnHidden>
      {error && !page ? <ErrorCard error={error} retry={load} /> : null}
      {!page && !error ? <Skeleton rows={8} /> : null}
      {page ? (
        <div className={styles.columns}>
          <section aria-label={t('history.samples')}>
            <h3>{t('history.count', { count: page.t.length })}</h3>
            {page.raw_from > whole.from ? <p className={styles.quiet}>{t('history.summaries', { at: formatMoment(page.raw_from) })}</p> : null}
            {page.t.length === 0 ? (
              <Empty title={t('history.empty')} hint={t('history.emptyHint')} />
            ) : (
              <SampleList page={page} unit={unit} chosen={chosen} onChoose={setChosen} />
            )}
            <div className={styles.acts}>
              <span>{t('history.keys')}</span>
              {from > whole.from ? (
                <Button size="small" type="link" onClick={() => turn(whole.from)}>
                  {t('history.first')}
                </Button>
              ) : null}
              {page.next === null ? null : (
                <Button size="small" type="link" onClick={() => turn(page.next ?? whole.from)}>
                  {t('history.next')}
                </Button>
              )}
            </div>
          </section>
          <div>
            {allowed ? <CorrectionForm pointId={pointId} unit={unit} page={page} chosen={chosen} onDone={done} /> : null}
            <CorrectionList rows={corrections} unit={unit} allowed={allowed} onDone={done} />
          </div>
        </div>
      ) : null}
    </Modal>
  )
}
