/** Findings by filter, grouped by rule. */
import type { Finding, RuleSummary, Severity } from '../../api/types'

export interface FindingFilter {
  severities: ReadonlySet<Severity>
  /** Name of a storey, or null for all. */
  storey: string | null
  text: string
}

export interface FindingGroup {
  rule: RuleSummary
  findings: Finding[]
}

const VERDICTS = ['fail', 'insufficient', 'manual', 'pass', 'na']

export function groupFindings(
  items: readonly Finding[],
  rules: readonly RuleSummary[],
  filter: FindingFilter,
  storeyOf: (finding: Finding) => string | null,
): FindingGroup[] {
  const text = filter.text.trim().toLowerCase()
  const kept = items.filter(
    (finding) =>
      (filter.severities.size === 0 || filter.severities.has(finding.severity)) &&
      (filter.storey === null || storeyOf(finding) === filter.storey) &&
      (text === '' || `${finding.zh} ${finding.en} ${finding.code}`.toLowerCase().includes(text)),
  )
  const byRule = new Map<string, Finding[]>()
  for (const finding of kept) {
    const list = byRule.get(finding.rule)
    if (list) list.push(finding)
    else byRule.set(finding.rule, [finding])
  }
  const filtered = filter.severities.size > 0 || filter.storey !== null || text !== ''
  return rules
    .map((rule) => ({ rule, findings: byRule.get(rule.rule) ?? [] }))
    .filter((group) => !filtered || group.findings.length > 0)
    .sort((a, b) => VERDICTS.indexOf(a.rule.verdict) - VERDICTS.indexOf(b.rule.verdict) || b.findings.length - a.findings.length)
}

/** The storey a height lies in, by the layer's storeys. */
export function storeyAt(height: number | undefined, storeys: readonly { name: string; elevation: number; top: number }[]): string | null {
  if (height === undefined) return null
  return storeys.find((storey) => height >= storey.elevation - 0.01 && height < storey.top)?.name ?? null
}
