/** Findings of a layer by filter, what is to mend before what was repaired. */
import type { OrderFinding, Severity } from '../../api/types'

export interface OrderFilter {
  severities: ReadonlySet<Severity>
  text: string
}

export interface OrderGroup {
  repaired: boolean
  findings: OrderFinding[]
}

export function groupOrder(items: readonly OrderFinding[], filter: OrderFilter): OrderGroup[] {
  const text = filter.text.trim().toLowerCase()
  const kept = items.filter(
    (one) =>
      (filter.severities.size === 0 || filter.severities.has(one.severity)) &&
      (text === '' || `${one.code} ${one.zh} ${one.en} ${one.elements.map((element) => `${element.name ?? ''} ${element.id}`).join(' ')}`.toLowerCase().includes(text)),
  )
  return [false, true].map((repaired) => ({ repaired, findings: kept.filter((one) => one.repaired === repaired) }))
}

/** What is coloured before one is chosen: the faults to mend. Notices often concern the whole model and would paint all of it. */
export function litFirst(items: readonly OrderFinding[]): OrderFinding[] {
  return items.filter((one) => !one.repaired && one.severity !== 'notice')
}
