/** Buttons that choose severities, each with its number of findings; none chosen means all. */
import { SEVERITIES } from '../../api/alarms'
import type { Severity } from '../../api/types'
import { SeverityMark } from '../../components/severity-mark'
import { useText } from '../../i18n/use-text'
import styles from './review-desk.module.css'

interface Properties {
  items: readonly { severity: Severity }[]
  chosen: ReadonlySet<Severity>
  onChange: (chosen: ReadonlySet<Severity>) => void
}

export function SeverityFilter({ items, chosen, onChange }: Properties) {
  const { t } = useText()
  const toggle = (severity: Severity): void => {
    const next = new Set(chosen)
    if (!next.delete(severity)) next.add(severity)
    onChange(next)
  }
  return (
    <div className={styles.severities} role="group" aria-label={t('review.bySeverity')}>
      {SEVERITIES.map((severity) => (
        <button key={severity} type="button" aria-pressed={chosen.has(severity)} title={t(`severity.${severity}`)} onClick={() => toggle(severity)}>
          <SeverityMark mark={severity} size={1} />
          <span className="visually-hidden">{t(`severity.${severity}`)}</span>
          {items.filter((one) => one.severity === severity).length}
        </button>
      ))}
    </div>
  )
}
