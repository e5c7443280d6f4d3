/** Hand in a model: drop a file anywhere on the page, see it checked in stages, open the result. */
import { CloudUploadOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { useRef, useState } from 'react'
import { useNavigate } from 'react-router-dom'

import { api, upload } from '../../api/client'
import { refresh } from '../../api/resource'
import { usePermission } from '../../api/session'
import { useToast } from '../../components/toast'
import { formatNumber } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { JobStages } from './job-stages'
import { SubmissionsTable } from './submissions-table'
import styles from './submissions-page.module.css'

interface Sending {
  name: string
  share: number
  abort: AbortController
}

interface Running {
  name: string
  submission: string
  job: string
}

const ACCEPTED = ['.ifc', '.ifczip', '.ifcxml']

export function SubmissionsPage() {
  const { t, language } = useText()
  const toast = useToast()
  const navigate = useNavigate()
  const mayCreate = usePermission('submission.create')
  const [over, setOver] = useState(false)
  const [sending, setSending] = useState<Sending | null>(null)
  const [running, setRunning] = useState<Running[]>([])
  const input = useRef<HTMLInputElement>(null)

  const send = (file: File | undefined): void => {
    if (!file || !mayCreate || sending) return
    const abort = new AbortController()
    setSending({ name: file.name, share: 0, abort })
    upload<{ submission: string; job: string }>(
      '/submissions',
      file,
      (share) => setSending((before) => before && { ...before, share }),
      abort.signal,
    )
      .then(({ submission, job }) => {
        setRunning((before) => [{ name: file.name, submission, job }, ...before])
        refresh('submissions')
      })
      .catch(toast.problem)
      .finally(() => setSending(null))
  }
  return (
    <div
      className={`${styles.page} scroll`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => {
        if (event.currentTarget === event.target) setOver(false)
      }}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        send(event.dataTransfer.files[0])
      }}
    >
      <h1>{t('review.title')}</h1>
      <p className={styles.lead}>{t('review.lead')}</p>
      <section className={styles.drop} data-over={over} aria-label={t('review.upload')}>
        <CloudUploadOutlined style={{ fontSize: '2.5rem', color: 'var(--accent)' }} aria-hidden />
        <div>
          <strong>{mayCreate ? t('review.drop') : t('review.mayNot')}</strong>
          <span>{t('review.formats')}</span>
        </div>
        <input
          ref={input}
          type="file"
          accept={ACCEPTED.join()}
          aria-label={t('review.choose')}
          hidden
          onChange={(event) => {
            send(event.target.files?.[0])
            event.target.value = ''
          }}
        />
        <Button type="primary" size="large" disabled={!mayCreate || sending !== null} onClick={() => input.current?.click()}>
          {t('review.choose')}
        </Button>
      </section>
      {sending ? (
        <section className={styles.running} aria-live="polite">
          <div className={styles.runningHead}>
            <h2>{t('review.sending', { name: sending.name })}</h2>
            <Button onClick={() => sending.abort.abort()}>{t('action.cancel')}</Button>
          </div>
          <Progress percent={Math.round(sending.share * 100)} format={(percent) => `${formatNumber(percent ?? 0, language, 0)}%`} />
        </section>
      ) : null}
      {running.map((one) => (
        <JobStages
          key={one.job}
          name={one.name}
          job={one.job}
          onDone={() => {
            setRunning((before) => before.filter((other) => other.job !== one.job))
            refresh('submissions')
            void navigate(`/review/${one.submission}`)
          }}
          onGone={() => setRunning((before) => before.filter((other) => other.job !== one.job))}
          cancel={() => api.delete(`/jobs/${one.job}`)}
        />
      ))}
      <SubmissionsTable />
    </div>
  )
}
