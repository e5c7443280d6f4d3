/** Findings of a layer: to mend and repaired apart, with filters. */
import { CheckCircleOutlined, ToolOutlined } from '@ant-design/icons'
import { Input } from 'antd'
import { useMemo, useState } from 'react'

import type { OrderFinding, Severity } from '../../api/types'
import { SeverityMark } from '../../components/severity-mark'
import { useText } from '../../i18n/use-text'
import desk from '../../styles/desk.module.css'
import { groupOrder } from './order-groups'
import styles from './review-desk.module.css'
import { SeverityFilter } from './severity-filter'

interface Properties {
  items: readonly OrderFinding[]
  chosen: string | null
  onChoose: (finding: OrderFinding) => void
}

export function OrderList({ items, chosen, onChoose }: Properties) {
  const { t, pick } = useText()
  const [severities, setSeverities] = useState<ReadonlySet<Severity>>(new Set())
  const [text, setText] = useState('')
  const groups = useMemo(() => groupOrder(items, { severities, text }), [items, severities, text])
  return (
    <>
      <div className={desk.filters}>
        <SeverityFilter items={items} chosen={severities} onChange={setSeverities} />
        <Input allowClear value={text} placeholder={t('order.filter')} aria-label={t('order.filter')} onChange={(event) => setText(event.target.value)} />
      </div>
      <div className={`${desk.list} scroll`} tabIndex={0} role="region" aria-label={t('review.findings')}>
        {groups.map(({ repaired, findings }) => (
          <details key={String(repaired)} className={styles.group} open>
            <summary>
              {repaired ? <CheckCircleOutlined style={{ color: 'var(--positive-text)' }} /> : <ToolOutlined style={{ color: 'var(--warning-text)' }} />}
              <span>{t(repaired ? 'order.repaired' : 'order.open')}</span>
              <small>{findings.length}</small>
            </summary>
            {findings.length === 0 ? <p className={desk.more}>{t(repaired ? 'order.noneRepaired' : 'order.noneOpen')}</p> : null}
            {findings.map((finding) => (
              <button key={finding.id} type="button" className={desk.item} aria-current={finding.id === chosen} onClick={() => onChoose(finding)}>
                <SeverityMark mark={finding.severity} size={1.125} label={t(`severity.${finding.severity}`)} />
                <span>
                  {pick(finding.zh, finding.en)}
                  <small>{finding.code}</small>
                </span>
              </button>
            ))}
          </details>
        ))}
      </div>
    </>
  )
}
