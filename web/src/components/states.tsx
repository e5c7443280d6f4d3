/** The states besides data: nothing yet (and how to make some), loading, failed. */
import { Button } from 'antd'
import type { ReactNode } from 'react'

import type { Problem } from '../api/problem'
import { said } from './said'
import { useText } from '../i18n/use-text'
import { SeverityMark } from './severity-mark'
import styles from './states.module.css'

export function Empty({ title, hint, children }: { title: string; hint?: string; children?: ReactNode }) {
  return (
    <div className={styles.box}>
      <strong>{title}</strong>
      {hint ? <span>{hint}</span> : null}
      {children}
    </div>
  )
}

export function Skeleton({ rows = 4 }: { rows?: number }) {
  return (
    <div className={styles.skeleton} aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <i key={row} style={{ width: `${92 - ((row * 23) % 45)}%` }} />
      ))}
    </div>
  )
}

/** A page that is not there yet; says so only after a moment, so that a quick one does not flicker. */
export function Waiting() {
  const { t } = useText()
  return (
    <div className={styles.waiting} role="status">
      <i aria-hidden="true" />
      {t('state.loading')}
    </div>
  )
}

interface ErrorProperties {
  title?: string
  error: Problem | Error
  retry?: () => void
}

export function ErrorCard({ title, error, retry }: ErrorProperties) {
  const { t, language } = useText()
  return (
    <div className={`${styles.box} ${styles.error}`} role="alert">
      <SeverityMark mark="major" />
      <strong>{title ?? t('state.failed')}</strong>
      <span>{said(error, t, language)}</span>
      {retry ? (
        <Button size="small" onClick={retry}>
          {t('action.retry')}
        </Button>
      ) : null}
    </div>
  )
}
