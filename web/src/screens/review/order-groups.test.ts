import { describe, expect, it } from 'vitest'

import type { OrderFinding } from '../../api/types'
import { groupOrder, litFirst } from './order-groups'

function finding(part: Partial<OrderFinding>): OrderFinding {
  return {
    id: 'ifc-duplicate-1', code: 'ifc-duplicate', severity: 'major', zh: '重合', en: 'copies', fix_zh: '', fix_en: '', repaired: false, count: 0,
    elements: [], gids: [], states: [], value: null, limit: null, unit: '', at: null, box: null, ...part,
  }
}

const wall = { id: 'w1', gid: 'a/w1', name: 'Outer wall', type: 'Wall', storey: '1F', note: null, state: 3 }
const ITEMS = [
  finding({ id: '1', elements: [wall] }),
  finding({ id: '2', code: 'ifc-text-repaired', severity: 'minor', repaired: true, zh: '还原' }),
  finding({ id: '3', code: 'ifc-unnamed', severity: 'notice' }),
]

describe('groupOrder', () => {
  it('puts what is to mend before what was repaired', () => {
    const groups = groupOrder(ITEMS, { severities: new Set(), text: '' })
    expect(groups.map((group) => [group.repaired, group.findings.map((one) => one.id)])).toEqual([[false, ['1', '3']], [true, ['2']]])
  })

  it('filters by severity and by the words of finding and elements', () => {
    const ids = (severities: OrderFinding['severity'][], text: string): string[] =>
      groupOrder(ITEMS, { severities: new Set(severities), text }).flatMap((group) => group.findings.map((one) => one.id))
    expect(ids(['minor'], '')).toEqual(['2'])
    expect(ids([], 'outer')).toEqual(['1'])
    expect(ids([], '还原')).toEqual(['2'])
    expect(ids(['notice'], 'outer')).toEqual([])
  })
})

describe('litFirst', () => {
  it('leaves out notices and what was repaired', () => {
    expect(litFirst(ITEMS).map((one) => one.id)).toEqual(['1'])
  })
})
