/** The rule in plain words, its clause, measured against limit, and how to mend. */
import type { Finding, RuleSummary } from '../../api/types'
import { SeverityMark } from '../../components/severity-mark'
import { Empty } from '../../components/states'
import { VerdictMark } from '../../components/verdict-mark'
import { formatNumber, unitText } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import desk from '../../styles/desk.module.css'
import { FindingElements } from './finding-elements'
import styles from './review-desk.module.css'

interface Properties {
  finding: Finding | null
  rule: RuleSummary | null
  onObject: (gid: string) => void
}

export function FindingDetail({ finding, rule, onObject }: Properties) {
  const { t, language, pick } = useText()
  if (!rule) return <Empty title={t('review.chooseOne')} hint={t('review.chooseOneHint')} />
  const limit = finding?.limit ?? rule.limit
  const unit = unitText(finding?.unit || rule.unit, language)
  const mark = finding?.mark || rule.mark
  return (
    <div className={`${desk.detail} scroll`} tabIndex={0} role="region" aria-label={t('review.detail')}>
      <p className={desk.head}>
        {finding ? (
          <>
            <SeverityMark mark={finding.severity} /> {t(`severity.${finding.severity}`)}
          </>
        ) : (
          <VerdictMark verdict={rule.verdict} />
        )}
      </p>
      <h2>{finding ? pick(finding.zh, finding.en) : pick(rule.title_zh, rule.title_en)}</h2>

      {limit !== null || (finding && finding.value !== null) ? (
        <>
          <h3>{t('review.measured')}</h3>
          <div className={styles.measure}>
            <div data-over={finding?.value !== null && finding?.value !== undefined}>
              <span>{t('review.value')}</span>
              <strong>{formatNumber(finding?.value, language, 3)}</strong> {finding?.value === null || !finding ? '' : unit}
            </div>
            <div>
              <span>{t('review.limit')}</span>
              <strong>{formatNumber(limit, language, 3)}</strong> {limit === null ? '' : unit}
            </div>
          </div>
        </>
      ) : null}

      <h3>{t('review.rule')}</h3>
      <p>{pick(rule.text_zh, rule.text_en)}</p>

      <h3>{t('review.clause')}</h3>
      <p>
        {finding?.requirement || rule.clause || t('review.noClause')} {mark ? <span className={styles.mark}>[{mark}]</span> : null}
      </p>
      {mark ? <p style={{ color: 'var(--warning-text)' }}>{t('review.markHint')}</p> : null}

      {finding ? (
        <>
          <h3>{t('review.fix')}</h3>
          <p>{pick(finding.fix_zh, finding.fix_en)}</p>
          <h3>{t('review.elements')}</h3>
          <FindingElements gids={finding.gids} onObject={onObject} />
        </>
      ) : (
        <>
          <h3>{t('review.coverage')}</h3>
          <p>{t('review.coverageText', { checked: rule.checked, failed: rule.failed, lacking: rule.lacking })}</p>
        </>
      )}
    </div>
  )
}
