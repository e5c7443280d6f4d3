/** What contradicts in a model's georeference, and buildingSMART's rules on it. */
import { Collapse, Tag } from 'antd'

import type { Contradiction, RuleCheck } from '../../api/georef'
import { SeverityMark } from '../../components/severity-mark'
import type { Mark } from '../../components/severity-mark'
import { useText } from '../../i18n/use-text'
import styles from './georef-screen.module.css'

const MARKS = new Set<string>(['critical', 'major', 'minor', 'notice'])
const COLOURS = { pass: 'success', fail: 'error', na: 'default' } as const

export function Contradictions({ items }: { items: readonly Contradiction[] }) {
  const { t, pick } = useText()
  if (items.length === 0) return <p className={styles.calm}>{t('georef.noContradiction')}</p>
  return (
    <ul className={styles.list}>
      {items.map((item, index) => (
        <li key={index}>
          <SeverityMark mark={MARKS.has(item.severity) ? (item.severity as Mark) : 'notice'} size={1} />
          <span>
            {pick(item.zh, item.en)}
            <small>{pick(item.fix_zh, item.fix_en)}</small>
          </span>
        </li>
      ))}
    </ul>
  )
}

export function Checks({ items }: { items: readonly RuleCheck[] }) {
  const { t, pick } = useText()
  const count = (verdict: RuleCheck['verdict']): number => items.filter((item) => item.verdict === verdict).length
  return (
    <Collapse
      size="small"
      items={[
        {
          key: 'checks',
          label: t('georef.checks', { pass: count('pass'), fail: count('fail'), na: count('na') }),
          children: (
            <ul className={styles.list}>
              {items.map((item) => (
                <li key={item.rule}>
                  <Tag color={COLOURS[item.verdict]}>{item.rule}</Tag>
                  <span>
                    {pick(item.zh, item.en)} · {t(`georef.verdict.${item.verdict}`)}
                    {item.detail ? <small>{item.detail}</small> : null}
                  </span>
                </li>
              ))}
            </ul>
          ),
        },
      ]}
    />
  )
}
