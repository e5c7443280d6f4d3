/** What people said of samples: how they read, by whom and why; those undone stay listed. */
import { Button, Popconfirm } from 'antd'

import type { Correction } from '../../api/history'
import { undoCorrection } from '../../api/history'
import { formatMoment, formatNumber, formatReading, unitText } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { useToast } from '../toast'
import styles from './history.module.css'

interface Properties {
  rows: readonly Correction[]
  unit: string
  allowed: boolean
  onDone: () => void
}

export function CorrectionList({ rows, unit, allowed, onDone }: Properties) {
  const { t, language } = useText()
  const toast = useToast()
  const undo = (id: number): void => {
    undoCorrection(id).then(() => {
      toast.done(t('correction.undoDone'))
      onDone()
    }, toast.problem)
  }
  const said = ({ action, value, factor, offset }: Correction): string => {
    if (action === 'value') return t('correction.asValue', { value: `${formatReading(value, unit, language)} ${unitText(unit, language)}` })
    if (action === 'scale') return t('correction.asScale', { factor: formatNumber(factor, language), offset: formatNumber(offset, language) })
    return t('correction.asExclude')
  }
  return (
    <section>
      <h3 style={{ marginTop: 'var(--space-4)' }}>{t('correction.listed')}</h3>
      {rows.length === 0 ? <p className={styles.quiet}>{t('correction.noneYet')}</p> : null}
      <ul className={`${styles.list} scroll`} aria-label={t('correction.listed')}>
        {rows.map((row) => (
          <li key={row.id} data-undone={row.undone_at !== null}>
            <div>
              <b>{said(row)}</b>
              <span>{row.reason}</span>
              <span className={styles.quiet}>{t('correction.span', { from: formatMoment(row.from), to: formatMoment(row.to - 1), count: row.samples })}</span>
              <span className={styles.quiet}>{t('correction.said', { who: row.author, when: formatMoment(row.made_at) })}</span>
              {row.undone_at === null ? null : (
                <span className={styles.quiet}>{t('correction.undone', { who: row.undone_by ?? '', when: formatMoment(row.undone_at) })}</span>
              )}
            </div>
            {allowed && row.undone_at === null ? (
              <Popconfirm title={t('correction.undoAsk')} okText={t('correction.undo')} cancelText={t('action.cancel')} onConfirm={() => undo(row.id)}>
                <Button size="small">{t('correction.undo')}</Button>
              </Popconfirm>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  )
}
