/** A placing on its way: the model is built anew and published; it can be cancelled. */
import { Button, Progress } from 'antd'
import { useEffect, useRef } from 'react'

import { api } from '../../api/client'
import { getJob } from '../../api/georef'
import { refresh, useResource } from '../../api/resource'
import { useToast } from '../../components/toast'
import { failureSaid } from '../../components/said'
import { useText } from '../../i18n/use-text'
import styles from './georef-screen.module.css'

const POLL_MS = 500
const PHASES = ['queued', 'started', 'read', 'geometry', 'tiles', 'tables', 'write', 'publish', 'rules', 'report', 'done'] as const

interface Properties {
  job: string
  onEnd: (done: boolean) => void
}

export function PlacingJob({ job, onEnd }: Properties) {
  const { t, language } = useText()
  const toast = useToast()
  const { data } = useResource(`jobs/${job}`, () => getJob(job), { everyMs: POLL_MS })
  const ended = useRef(onEnd)
  ended.current = onEnd
  const state = data?.state ?? 'queued'
  useEffect(() => {
    if (state === 'done' || state === 'failed' || state === 'cancelled') {
      refresh('jobs', 'layers')
      ended.current(state === 'done')
    }
  }, [state])
  const failed = state === 'failed' || state === 'cancelled'
  const phase = PHASES.find((one) => data?.phase.startsWith(one))
  return (
    <section className={styles.job} aria-label={t('georef.placing')}>
      {failed ? (
        <p role="alert">
          {t(`job.${state}`)}
          {data?.error ? ` · ${failureSaid(data.error, language) ?? ''}` : ''}
        </p>
      ) : (
        <>
          <span role="status">
            {t('georef.placing')} · {phase ? t(`phase.${phase}`) : (data?.phase ?? t('job.queued'))}
          </span>
          <Progress percent={Math.round((data?.progress ?? 0) * 100)} size="small" />
          <Button size="small" onClick={() => void api.delete(`/jobs/${job}`).catch(toast.problem)}>
            {t('action.cancel')}
          </Button>
        </>
      )}
    </section>
  )
}
