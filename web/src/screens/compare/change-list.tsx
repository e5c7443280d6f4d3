/** What changed: the model as a whole, a legend that filters, and the objects. */
import { Input } from 'antd'

import type { Diff, DiffChange, DiffItem } from '../../api/diff'
import { Empty, Skeleton } from '../../components/states'
import { formatNumber, unitText } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import desk from '../../styles/desk.module.css'
import styles from './compare-screen.module.css'
import { countOf, groupOf, GROUPS } from './groups'
import type { ChangeGroup } from './groups'

interface Properties {
  diff: Diff
  page: Diff | undefined
  groups: ReadonlySet<string>
  text: string
  chosen: string | null
  onGroups: (groups: ReadonlySet<string>) => void
  onText: (text: string) => void
  onChoose: (item: DiffItem) => void
  onMore: () => void
}

export function ChangeList({ diff, page, groups, text, chosen, onGroups, onText, onChoose, onMore }: Properties) {
  const { t, language } = useText()
  if (diff.same) return <Empty title={t('compare.same')} hint={t('compare.sameHint', { count: diff.matched })} />
  const toggle = (group: ChangeGroup): void => {
    const next = new Set(groups)
    if (!next.delete(group.id)) next.add(group.id)
    onGroups(next)
  }
  const shown = GROUPS.filter((group) => countOf(group, diff.counts) > 0)
  return (
    <>
      <div className={desk.filters}>
        <Whole diff={diff} />
        <div className={styles.legend} role="group" aria-label={t('compare.byKind')}>
          {shown.map((group) => (
            <button key={group.id} type="button" aria-pressed={groups.has(group.id)} onClick={() => toggle(group)}>
              <Mark group={group} />
              <span>{t(`change.${group.id}`)}</span>
              <strong>{formatNumber(countOf(group, diff.counts), language)}</strong>
            </button>
          ))}
        </div>
        <Input allowClear value={text} placeholder={t('compare.filter')} aria-label={t('compare.filter')} onChange={(event) => onText(event.target.value)} />
      </div>
      <div className={`${desk.list} ${styles.rows} scroll`} tabIndex={0} role="region" aria-label={t('compare.objects')}>
        {!page ? <Skeleton rows={8} /> : null}
        {page && page.total + page.concepts_total === 0 ? <Empty title={t('compare.noMatch')} hint={t('compare.noMatchHint')} /> : null}
        {page?.items.map((item) => <Row key={`${item.gid}/${item.old_gid ?? ''}`} item={item} current={item.gid === chosen} onChoose={onChoose} />)}
        {page && page.items.length < page.total ? (
          <p className={desk.more}>
            <button type="button" onClick={onMore}>
              {t('compare.more', { count: page.total - page.items.length })}
            </button>
          </p>
        ) : null}
        {page && page.concepts.length > 0 ? <h3>{t('compare.concepts')}</h3> : null}
        {page?.concepts.map((item) => <Row key={item.gid} item={item} current={item.gid === chosen} onChoose={onChoose} />)}
      </div>
    </>
  )
}

/** What is said of the model once instead of every object. */
function Whole({ diff }: { diff: Diff }) {
  const { t, language } = useText()
  if (!diff.whole && diff.georeference.length === 0) return null
  return (
    <ul className={styles.whole}>
      {diff.georeference.map((change) => (
        <li key={change.name}>
          {t('compare.georeference', { name: change.name })} {amount(change, language) || `${change.old ?? '–'} → ${change.new ?? '–'}`}
        </li>
      ))}
      {diff.whole ? (
        <li>
          {t('compare.whole', {
            distance: formatNumber(diff.whole.distance, language, 3),
            angle: formatNumber(diff.whole.angle_deg, language, 3),
            count: diff.whole.objects,
          })}
        </li>
      ) : null}
    </ul>
  )
}

export function amount(change: DiffChange, language: 'zh' | 'en'): string {
  if (change.by === null) return ''
  const sign = change.by > 0 && change.old !== null ? '+' : ''
  return `${sign}${formatNumber(change.by, language, 3)} ${unitText(change.unit, language)}`.trim()
}

function Row({ item, current, onChoose }: { item: DiffItem; current: boolean; onChoose: (item: DiffItem) => void }) {
  const { t } = useText()
  return (
    <button type="button" className={desk.item} aria-current={current} onClick={() => onChoose(item)}>
      <Mark group={groupOf(item.kinds)} />
      <span>
        {item.name || item.type}
        <small>{[item.type, ...item.kinds.map((kind) => t(`diffKind.${kind}`))].join(' · ')}</small>
      </span>
    </button>
  )
}

export function Mark({ group }: { group: ChangeGroup }) {
  return (
    <i className={styles.mark} style={{ background: `var(--change-${group.id})` }} aria-hidden="true">
      {group.sign}
    </i>
  )
}
