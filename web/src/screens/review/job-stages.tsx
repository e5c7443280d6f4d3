/** A model on its way: read, information, rules, report, with phase and percent; can be cancelled. */
import { CheckOutlined, LoadingOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { useEffect, useRef } from 'react'

import { api } from '../../api/client'
import { refresh, useResource } from '../../api/resource'
import type { Job } from '../../api/types'
import { SeverityMark } from '../../components/severity-mark'
import { useToast } from '../../components/toast'
import { formatNumber } from '../../i18n/format'
import { failureSaid, said } from '../../components/said'
import { useText } from '../../i18n/use-text'
import { phaseWord, stageOf, STAGES } from './stages'
import styles from './submissions-page.module.css'

interface Properties {
  name: string
  job: string
  onDone: () => void
  onGone: () => void
  cancel: () => Promise<unknown>
}

const POLL_MS = 500

export function JobStages({ name, job, onDone, onGone, cancel }: Properties) {
  const { t, language } = useText()
  const toast = useToast()
  const { data, error } = useResource<Job>(`jobs/${job}`, () => api.get(`/jobs/${job}`), { everyMs: POLL_MS })
  const done = useRef(onDone)
  done.current = onDone
  const state = data?.state ?? 'queued'

  useEffect(() => {
    if (state === 'done') done.current()
    if (state === 'failed' || state === 'cancelled') refresh('submissions')
  }, [state])

  const percent = Math.round((data?.progress ?? 0) * 100)
  const now = stageOf(data?.phase ?? '')
  const failed = state === 'failed' || state === 'cancelled'
  const phase = phaseWord(data?.phase ?? '')
  return (
    <section className={styles.running} aria-label={name}>
      <div className={styles.runningHead}>
        {failed ? <SeverityMark mark={state === 'failed' ? 'critical' : 'stale'} /> : null}
        <h2>{name}</h2>
        <span role="status">
          {failed ? t(`job.${state}`) : `${phase ? t(`phase.${phase}`) : (data?.phase ?? t('job.queued'))} · ${formatNumber(percent, language, 0)}%`}
        </span>
        {failed ? (
          <Button onClick={onGone}>{t('action.close')}</Button>
        ) : (
          <Button onClick={() => void cancel().catch(toast.problem)}>{t('action.cancel')}</Button>
        )}
      </div>
      {failed ? (
        <p role="alert">{failureSaid(data?.error, language) ?? data?.message ?? t('job.noReason')}</p>
      ) : (
        <>
          <Progress percent={percent} showInfo={false} aria-label={t('job.progress')} />
          <ol className={styles.stages}>
            {STAGES.map((stage, index) => {
              const place = index < now ? 'done' : index === now ? 'now' : 'next'
              return (
                <li key={stage} className={styles.stage} data-state={place}>
                  <strong>
                    {place === 'done' ? <CheckOutlined aria-hidden /> : place === 'now' ? <LoadingOutlined aria-hidden /> : null}
                    {t(`stageName.${stage}`)}
                  </strong>
                  <span>{t(`stageHint.${stage}`)}</span>
                </li>
              )
            })}
          </ol>
        </>
      )}
      {error && !data ? <p role="alert">{said(error, t, language)}</p> : null}
    </section>
  )
}
