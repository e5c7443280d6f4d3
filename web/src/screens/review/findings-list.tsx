/** Findings grouped by rule, with counts and filters. */
import { Input, Select } from 'antd'
import { useMemo, useState } from 'react'

import type { Finding, ReviewFindings, SceneStorey, Severity } from '../../api/types'
import { SeverityMark } from '../../components/severity-mark'
import { Empty } from '../../components/states'
import { VerdictMark } from '../../components/verdict-mark'
import { useText } from '../../i18n/use-text'
import desk from '../../styles/desk.module.css'
import { groupFindings, storeyAt } from './filter-findings'
import styles from './review-desk.module.css'
import { SeverityFilter } from './severity-filter'

interface Properties {
  review: ReviewFindings
  storeys: readonly SceneStorey[]
  chosen: string | null
  onChoose: (finding: Finding) => void
  onRule: (rule: string) => void
}

/** Rows of a group shown at once; a rule can have thousands. */
const STEP = 100

export function FindingsList({ review, storeys, chosen, onChoose, onRule }: Properties) {
  const { t, pick } = useText()
  const [severities, setSeverities] = useState<ReadonlySet<Severity>>(new Set())
  const [storey, setStorey] = useState<string | null>(null)
  const [text, setText] = useState('')
  const [shown, setShown] = useState<Record<string, number>>({})

  const storeyOf = (finding: Finding): string | null => storeyAt(finding.at?.[2], storeys)
  const groups = useMemo(
    () => groupFindings(review.items, review.rules, { severities, storey, text }, (finding) => storeyAt(finding.at?.[2], storeys)),
    [review, severities, storey, text, storeys],
  )
  return (
    <>
      <div className={desk.filters}>
        <SeverityFilter items={review.items} chosen={severities} onChange={setSeverities} />
        <div style={{ display: 'flex', gap: 'var(--space-2)' }}>
          <Input allowClear value={text} placeholder={t('review.filter')} aria-label={t('review.filter')} onChange={(event) => setText(event.target.value)} />
          <Select
            style={{ width: '8rem', flex: 'none' }}
            value={storey ?? ''}
            aria-label={t('storeys.storey')}
            onChange={(value: string) => setStorey(value || null)}
            options={[{ value: '', label: t('storeys.all') }, ...storeys.map((one) => ({ value: one.name, label: one.name }))]}
          />
        </div>
      </div>
      <div className={`${desk.list} scroll`} tabIndex={0} role="region" aria-label={t('review.findings')}>
        {groups.length === 0 ? <Empty title={t('review.noMatch')} hint={t('review.noMatchHint')} /> : null}
        {groups.map(({ rule, findings }) => {
          const limit = shown[rule.rule] ?? STEP
          return (
            <details key={rule.rule} className={styles.group} open={findings.length > 0 && findings.length <= 30}>
              <summary onClick={() => onRule(rule.rule)}>
                <VerdictMark verdict={rule.verdict} text={false} />
                <span>
                  {pick(rule.title_zh, rule.title_en)} {rule.mark ? <span className={styles.mark}>[{rule.mark}]</span> : null}
                </span>
                <small>
                  {findings.length} / {rule.checked}
                </small>
              </summary>
              {findings.slice(0, limit).map((finding) => (
                <button
                  key={finding.id}
                  type="button"
                  className={desk.item}
                  aria-current={finding.id === chosen}
                  onClick={() => onChoose(finding)}
                >
                  <SeverityMark mark={finding.severity} size={1.125} label={t(`severity.${finding.severity}`)} />
                  <span>
                    {pick(finding.zh, finding.en)}
                    <small>{[storeyOf(finding), finding.gids.length > 1 ? t('review.objects', { count: finding.gids.length }) : ''].filter(Boolean).join(' · ')}</small>
                  </span>
                </button>
              ))}
              {findings.length > limit ? (
                <p className={desk.more}>
                  <button type="button" onClick={() => setShown({ ...shown, [rule.rule]: limit + STEP })}>
                    {t('review.more', { count: findings.length - limit })}
                  </button>
                </p>
              ) : null}
            </details>
          )
        })}
      </div>
    </>
  )
}
