/** What cards of objects and of concepts are made of: quantities, property sets, relations. */
import type { PropertyRow, PropertySet, QuantityRow, RelationRow } from '../api/types'
import { formatNumber, NO_VALUE, unitText } from '../i18n/format'
import { useText } from '../i18n/use-text'
import type { Text, Words } from '../i18n/use-text'
import styles from './object-card.module.css'

/** Quantities and property sets; nothing where there are none. */
export function Facts({ quantities, properties }: { quantities: QuantityRow[]; properties: PropertySet[] }) {
  const { t } = useText()
  return (
    <>
      {quantities.length > 0 ? <Quantities rows={quantities} /> : null}
      {properties.length > 0 ? (
        <section className={styles.section}>
          <h3>{t('card.properties')}</h3>
          {properties.map((set, index) => (
            <details key={set.set} open={index === 0}>
              <summary>{set.set}</summary>
              <PropertyTable rows={set.rows} />
            </details>
          ))}
        </section>
      ) : null}
    </>
  )
}

function Quantities({ rows }: { rows: QuantityRow[] }) {
  const { t, language } = useText()
  return (
    <section className={styles.section}>
      <h3>{t('card.quantities')}</h3>
      <table className={styles.rows}>
        <tbody>
          {rows.map((row, index) => (
            <tr key={`${row.set ?? ''}/${row.name}/${index}`}>
              <th scope="row">{row.name}</th>
              <td title={row.origin === 'measured' ? t('card.measured') : t('card.declared')}>
                {formatNumber(row.value, language, 3)} {unitText(row.unit, language)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const BARE_NUMBER = /^[-+]?[\d.,]+(e[-+]?\d+)?$/i

function PropertyTable({ rows }: { rows: PropertyRow[] }) {
  const { t, language } = useText()
  const show = (row: PropertyRow): string => {
    if (row.value === null || row.value === '') return NO_VALUE
    if (typeof row.value === 'boolean') return row.value ? t('word.yes') : t('word.no')
    // A reader may have written the unit into the text already ("1.1 m"); a bare number gets it here.
    return row.unit && BARE_NUMBER.test(String(row.value)) ? `${row.value} ${unitText(row.unit, language)}` : String(row.value)
  }
  return (
    <table className={styles.rows}>
      <tbody>
        {rows.map((row, index) => (
          <tr key={`${row.name}/${index}`}>
            <th scope="row">{row.name}</th>
            <td>{show(row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const SHOWN_OF_KIND = 4

/** Relations of one kind and direction together; things before concepts, the first few of each told by name. */
export function Relations({ rows, onGo, onConcept }: { rows: RelationRow[]; onGo: (gid: string) => void; onConcept: (gid: string) => void }) {
  const { t } = useText()
  const groups = new Map<string, RelationRow[]>()
  for (const row of rows) {
    const label = t(`relation.${row.kind as keyof Words['relation']}`, { defaultValue: row.kind })
    const key = `${row.direction === 'out' ? '→' : '←'} ${label}`
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return (
    <section className={styles.section}>
      <h3>{t('card.relations')}</h3>
      {[...groups].map(([label, found]) => (
        <div key={label} className={styles.relation}>
          <span>{label}</span>
          <div>
            {found
              .toSorted((a, b) => Number(a.state === null) - Number(b.state === null))
              .slice(0, SHOWN_OF_KIND)
              .map((row) => (
                <Related key={row.gid} row={row} onGo={row.state === null ? onConcept : onGo} />
              ))}
            {found.length > SHOWN_OF_KIND ? <small>{t('card.more', { count: found.length - SHOWN_OF_KIND })}</small> : null}
          </div>
        </div>
      ))}
    </section>
  )
}

/** One end of a relation, a thing or a concept with its kind: either has a card. */
function Related({ row, onGo }: { row: RelationRow; onGo: (gid: string) => void }) {
  const { t } = useText()
  return (
    <button type="button" onClick={() => onGo(row.gid)}>
      {row.name || row.gid.slice(row.gid.indexOf('/') + 1)}
      {row.state === null && row.type !== null ? <small>{conceptName(row.type, t)}</small> : null}
    </button>
  )
}

/** What people call a kind of concept. */
export function conceptName(kind: string, t: Text): string {
  return t(`concept.${kind as keyof Words['concept']}`, { defaultValue: kind })
}
