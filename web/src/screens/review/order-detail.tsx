/** One finding of a layer: what it says, what was done or is to do, and its elements. */
import type { OrderElement, OrderFinding } from '../../api/types'
import { SeverityMark } from '../../components/severity-mark'
import { Empty } from '../../components/states'
import { useText } from '../../i18n/use-text'
import desk from '../../styles/desk.module.css'
import styles from './review-desk.module.css'

interface Properties {
  finding: OrderFinding | null
  onObject: (gid: string) => void
}

export function OrderDetail({ finding, onObject }: Properties) {
  const { t, pick } = useText()
  if (!finding) return <Empty title={t('review.chooseOne')} hint={t('order.chooseOneHint')} />
  const fix = pick(finding.fix_zh, finding.fix_en)
  return (
    <div className={`${desk.detail} scroll`} tabIndex={0} role="region" aria-label={t('order.detail')}>
      <p className={desk.head}>
        <SeverityMark mark={finding.severity} /> {t(`severity.${finding.severity}`)}
        <span style={{ color: finding.repaired ? 'var(--positive-text)' : 'var(--warning-text)' }}>{t(finding.repaired ? 'order.repaired' : 'order.open')}</span>
      </p>
      <h2>{pick(finding.zh, finding.en)}</h2>
      {fix ? (
        <>
          <h3>{t(finding.repaired ? 'order.advice' : 'review.fix')}</h3>
          <p>{fix}</p>
        </>
      ) : null}
      {finding.elements.length > 0 ? (
        <>
          <h3>
            {t('review.elements')} · {finding.count}
          </h3>
          <ul className={styles.elements}>
            {finding.elements.map((element) => (
              <li key={element.id}>
                <Element element={element} onObject={onObject} />
              </li>
            ))}
          </ul>
          {finding.count > finding.elements.length ? <p>{t('card.more', { count: finding.count - finding.elements.length })}</p> : null}
        </>
      ) : null}
    </div>
  )
}

function Element({ element, onObject }: { element: OrderElement; onObject: (gid: string) => void }) {
  const { gid, state } = element
  const name = element.name ?? element.type ?? element.id
  const place = [element.type, element.storey].filter(Boolean).join(' · ')
  return (
    <>
      {gid !== null && state !== null ? (
        <button type="button" title={element.id} onClick={() => onObject(gid)}>
          {name}
        </button>
      ) : (
        <span title={element.id}>{name}</span>
      )}
      <small>
        {place}
        {element.note ? <span className={styles.note}> → {element.note}</span> : null}
      </small>
    </>
  )
}
