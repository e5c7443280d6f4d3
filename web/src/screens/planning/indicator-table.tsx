/** Rows of indicators, columns of schemes: value, bar, verdict, difference. A row opens its formula and lights its objects. */
import type { ComparisonRow, SceneScheme } from '../../api/types'
import { VerdictMark } from '../../components/verdict-mark'
import { formatNumber, NO_VALUE, unitText } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { difference, fullBar } from './comparison'
import styles from './indicator-table.module.css'

interface Properties {
  rows: readonly ComparisonRow[]
  schemes: readonly SceneScheme[]
  open: string | null
  onOpen: (name: string | null) => void
}

const OPERATORS: Record<string, string> = { '<=': '≤', '>=': '≥', '=': '=', '==': '=', max: '≤', min: '≥' }

export function IndicatorTable({ rows, schemes, open, onOpen }: Properties) {
  const { t, language, pick } = useText()
  const ids = schemes.map((scheme) => scheme.id)
  const columns = 2 + schemes.length + (schemes.length > 1 ? 1 : 0)
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">{t('planning.table')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('planning.indicator')}</th>
          <th scope="col">{t('planning.limit')}</th>
          {schemes.map((scheme) => (
            <th key={scheme.id} scope="col">
              <span className={styles.head}>
                <i style={{ background: scheme.colour || 'var(--accent)' }} aria-hidden="true" />
                {pick(scheme.name, scheme.name_en)}
              </span>
            </th>
          ))}
          {schemes.length > 1 ? <th scope="col">Δ</th> : null}
        </tr>
      </thead>
      {rows.map((row) => {
        const isOpen = open === row.name
        const delta = difference(row, ids)
        const full = fullBar(row)
        return (
          <tbody key={row.name}>
            <tr data-open={isOpen}>
              <th scope="row">
                <button type="button" className={styles.open} aria-expanded={isOpen} onClick={() => onOpen(isOpen ? null : row.name)}>
                  {pick(row.title_zh, row.title_en)}
                  <small>{unitText(row.unit, language)}</small>
                </button>
              </th>
              <td className={styles.limit}>
                {row.limit ? `${OPERATORS[row.limit.op] ?? row.limit.op} ${formatNumber(row.limit.value, language)}` : NO_VALUE}
                {row.limit?.mark ? <small title={t('planning.markHint')}>[{row.limit.mark}]</small> : null}
              </td>
              {schemes.map((scheme) => {
                const cell = row.values[scheme.id]
                const share = Math.abs(cell?.value ?? 0) / full
                return (
                  <td key={scheme.id}>
                    <span className={styles.value}>{formatNumber(cell?.value, language, digitsOf(row))}</span>
                    <span className={styles.bar} aria-hidden="true">
                      <i
                        style={{
                          width: `${Math.min(1, share) * 100}%`,
                          background: cell?.verdict === 'fail' ? 'var(--severity-critical)' : scheme.colour || 'var(--accent)',
                        }}
                      />
                    </span>
                    <span className={styles.verdict}>{cell ? <VerdictMark verdict={cell.verdict} /> : null}</span>
                  </td>
                )
              })}
              {schemes.length > 1 ? (
                <td>
                  {delta === null ? NO_VALUE : `${delta > 0 ? '+' : ''}${formatNumber(delta, language, digitsOf(row))}`}
                </td>
              ) : null}
            </tr>
            {isOpen ? (
              <tr>
                <td colSpan={columns} className={styles.formula}>
                  <dl>
                    {schemes.map((scheme) => {
                      const cell = row.values[scheme.id]
                      return (
                        <div key={scheme.id} style={{ display: 'contents' }}>
                          <dt>{pick(scheme.name, scheme.name_en)}</dt>
                          <dd>
                            <code>{cell?.formula || t('verdict.insufficient')}</code>
                            {cell && cell.objects.length > 0 ? ` · ${t('planning.objects', { count: cell.objects.length })}` : ''}
                          </dd>
                        </div>
                      )
                    })}
                  </dl>
                </td>
              </tr>
            ) : null}
          </tbody>
        )
      })}
    </table>
  )
}

/** Ratios and heights with two decimals, as planning tables print them; areas and counts whole. */
function digitsOf(row: ComparisonRow): number {
  const values = Object.values(row.values).flatMap((cell) => (cell.value === null ? [] : [cell.value]))
  if (values.every((value) => Number.isInteger(value))) return 0
  return Math.max(0, ...values.map(Math.abs)) >= 1000 ? 0 : 2
}
