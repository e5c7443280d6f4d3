/** Figures of the comparison: difference, bar, table as CSV. */
import type { ComparisonRow, SceneScheme } from '../../api/types'

/** Last minus first of the compared schemes; null unless both have a value. */
export function difference(row: ComparisonRow, schemes: readonly string[]): number | null {
  const first = row.values[schemes[0] ?? '']?.value
  const last = row.values[schemes.at(-1) ?? '']?.value
  return schemes.length > 1 && typeof first === 'number' && typeof last === 'number' ? last - first : null
}

/** What a full bar stands for: the largest of values and limit. */
export function fullBar(row: ComparisonRow): number {
  const values = Object.values(row.values).flatMap((cell) => (cell.value === null ? [] : [Math.abs(cell.value)]))
  return Math.max(1e-9, row.limit?.value ?? 0, ...values)
}

function quote(text: string | number | null): string {
  const value = text === null ? '' : String(text)
  // A cell that begins like a formula would be computed by a spreadsheet.
  const safe = typeof text === 'string' && /^[=+\-@\t]/.test(value) ? `'${value}` : value
  return /[",\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export interface CsvWords {
  indicator: string
  unit: string
  limit: string
  verdict: string
  word: (verdict: string) => string
  title: (row: ComparisonRow) => string
  name: (scheme: SceneScheme) => string
}

/** RFC 4180 with a byte-order mark, so that spreadsheets read the Chinese. */
export function toCsv(rows: readonly ComparisonRow[], schemes: readonly SceneScheme[], words: CsvWords): string {
  const head = [words.indicator, words.unit, words.limit, ...schemes.flatMap((scheme) => [words.name(scheme), `${words.name(scheme)} ${words.verdict}`])]
  const lines = rows.map((row) => [
    words.title(row),
    row.unit,
    row.limit ? `${row.limit.op} ${row.limit.value}` : '',
    ...schemes.flatMap((scheme) => {
      const cell = row.values[scheme.id]
      return [cell?.value ?? null, cell ? words.word(cell.verdict) : '']
    }),
  ])
  return `\uFEFF${[head, ...lines].map((line) => line.map(quote).join(',')).join('\r\n')}\r\n`
}
