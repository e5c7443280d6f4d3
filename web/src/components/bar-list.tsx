/** Rows of name, bar and value, largest first where asked. */
import { NO_VALUE } from '../i18n/format'
import styles from './bar-list.module.css'

export interface Bar {
  key: string
  label: string
  value: number | null
  text: string
  unit?: string
  /** No current value: drawn hatched. */
  stale?: boolean
  onClick?: () => void
}

interface Properties {
  bars: readonly Bar[]
  /** Value of a full bar; the largest value by default. */
  full?: number
  color?: string
}

export function BarList({ bars, full, color = 'var(--accent)' }: Properties) {
  const largest = full ?? Math.max(1e-9, ...bars.map((bar) => bar.value ?? 0))
  return (
    <ul className={`${styles.list} ${styles.fit}`}>
      {bars.map((bar) => {
        const share = bar.value === null ? 0 : Math.min(1, Math.max(0, bar.value / largest))
        const content = (
          <>
            <span className={styles.label} title={bar.label}>
              {bar.label}
            </span>
            <span className={`${styles.track} ${bar.stale ? 'hatched' : ''}`}>
              <i className={styles.fill} style={{ width: `${share * 100}%`, background: bar.stale ? 'var(--severity-stale)' : color }} />
            </span>
            <span className={styles.value}>
              {bar.value === null ? NO_VALUE : bar.text} {bar.unit ? <small>{bar.unit}</small> : null}
            </span>
          </>
        )
        return (
          <li key={bar.key}>
            {bar.onClick ? (
              <button type="button" className={styles.row} onClick={bar.onClick}>
                {content}
              </button>
            ) : (
              <div className={styles.row}>{content}</div>
            )}
          </li>
        )
      })}
    </ul>
  )
}
