/** The changes of one object: how far, from what to what. */
import { Button } from 'antd'
import { Link } from 'react-router-dom'

import type { DiffChange, DiffItem, DiffKind } from '../../api/diff'
import { Empty } from '../../components/states'
import { useText } from '../../i18n/use-text'
import desk from '../../styles/desk.module.css'
import { amount, Mark } from './change-list'
import styles from './compare-screen.module.css'
import { groupOf } from './groups'

export function ChangeDetail({ item }: { item: DiffItem | null }) {
  const { t } = useText()
  if (!item) return <Empty title={t('compare.chooseOne')} hint={t('compare.chooseOneHint')} />
  const there = item.state !== null && item.state !== undefined
  return (
    <div className={`${desk.detail} scroll`} tabIndex={0} role="region" aria-label={t('compare.detail')}>
      <p className={desk.head}>
        <Mark group={groupOf(item.kinds)} /> {item.kinds.map((kind) => t(`diffKind.${kind}`)).join(' · ')}
      </p>
      <h2>{item.name || item.type}</h2>
      <p className={styles.id}>
        {item.type} · {item.gid}
      </p>
      {item.changes.length === 0 && item.kinds.includes('added') ? <p>{t('compare.onlyNew')}</p> : null}
      {item.changes.length === 0 && item.kinds.includes('deleted') ? <p>{t('compare.onlyOld')}</p> : null}
      {item.carrier ? <p>{t('compare.carriedBy', { gid: item.carrier })}</p> : null}
      {item.kinds.map((kind) => (
        <Changes key={kind} kind={kind} changes={item.changes.filter((change) => change.kind === kind)} />
      ))}
      {item.more > 0 ? <p>{t('card.more', { count: item.more })}</p> : null}
      {there ? (
        <Link className={styles.inPark} to={`/brain?gid=${encodeURIComponent(item.gid)}`}>
          <Button size="small">{t('compare.inPark')}</Button>
        </Link>
      ) : null}
    </div>
  )
}

function Changes({ kind, changes }: { kind: DiffKind; changes: readonly DiffChange[] }) {
  const { t, language } = useText()
  if (changes.length === 0) return null
  return (
    <section>
      <h3>{t(`diffKind.${kind}`)}</h3>
      <table className={styles.changes}>
        <thead>
          <tr>
            <th scope="col">{t('compare.what')}</th>
            <th scope="col">{t('compare.old')}</th>
            <th scope="col">{t('compare.new')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change, index) => (
            <tr key={`${change.set}/${change.name}/${index}`}>
              <th scope="row">
                {isNamed(change.name) && !change.set ? t(`changeName.${change.name}`) : change.name}
                {change.set ? <small>{change.set}</small> : null}
              </th>
              {isStep(change) ? (
                <td colSpan={2}>
                  {amount(change, language)}
                  {change.new ? <small>{change.new}</small> : null}
                </td>
              ) : (
                <>
                  <td>{change.old ?? '–'}</td>
                  <td>
                    {change.new ?? '–'}
                    {change.by !== null ? <small>{amount(change, language)}</small> : null}
                  </td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** A motion: an amount, with nothing before it. */
function isStep(change: DiffChange): boolean {
  return change.by !== null && change.old === null && (change.new === null || change.kind === 'moved' || change.kind === 'carried' || change.kind === 're-georeferenced')
}

const NAMES = ['position', 'rotation', 'area', 'volume', 'container', 'name', 'class', 'predefined type', 'id', 'typed_by', 'made_of', 'classified_as', 'member_of'] as const

function isNamed(name: string): name is (typeof NAMES)[number] {
  return (NAMES as readonly string[]).includes(name)
}
