import { describe, expect, it } from 'vitest'

import type { Finding, RuleSummary, Severity } from '../../api/types'
import { groupFindings, storeyAt } from './filter-findings'
import { phaseWord, stageOf, STAGES } from './stages'

const finding = (id: string, rule: string, severity: Severity, z = 0): Finding => ({
  id, rule, code: rule, severity, zh: `问题 ${id}`, en: `Finding ${id}`, fix_zh: '', fix_en: '', gids: [], states: [],
  value: null, limit: null, unit: '', at: [0, 0, z], requirement: '', mark: '',
})
const rule = (name: string, verdict: string): RuleSummary => ({
  rule: name, stage: 'rules', title_zh: name, title_en: name, text_zh: '', text_en: '', clause: '', mark: '', limit: null,
  unit: '', verdict, checked: 1, lacking: 0, failed: 0,
})
const ITEMS = [finding('1', 'door', 'critical'), finding('2', 'door', 'minor', 4), finding('3', 'stair', 'major', 4)]
const RULES = [rule('wall', 'pass'), rule('door', 'fail'), rule('stair', 'fail')]
const STOREYS = [{ name: '1F', elevation: 0, top: 3.6 }, { name: '2F', elevation: 3.6, top: 7.2 }]
const ALL = { severities: new Set<Severity>(), storey: null, text: '' }
const at = (one: Finding): string | null => storeyAt(one.at?.[2], STOREYS)

describe('findings', () => {
  it('stand under their rules, failed rules first, and passed rules are told as well', () => {
    expect(groupFindings(ITEMS, RULES, ALL, at).map((group) => [group.rule.rule, group.findings.length])).toEqual([['door', 2], ['stair', 1], ['wall', 0]])
  })

  it('are filtered by severity, storey and text; empty groups go', () => {
    const ids = (filter: Partial<typeof ALL>) => groupFindings(ITEMS, RULES, { ...ALL, ...filter }, at).flatMap((group) => group.findings.map((one) => one.id))
    expect(ids({ severities: new Set<Severity>(['critical']) })).toEqual(['1'])
    expect(ids({ storey: '2F' as unknown as null })).toEqual(['2', '3'])
    expect(ids({ text: 'finding 3' })).toEqual(['3'])
    expect(groupFindings(ITEMS, RULES, { ...ALL, text: 'nothing' }, at)).toEqual([])
  })

  it('lie on the storey of their height', () => {
    expect(storeyAt(3.6, STOREYS)).toBe('2F')
    expect(storeyAt(99, STOREYS)).toBeNull()
    expect(storeyAt(undefined, STOREYS)).toBeNull()
  })
})

describe('stages of a review', () => {
  it('follow the phase of the job', () => {
    expect(stageOf('')).toBe(0)
    expect(stageOf('geometry hybrid')).toBe(0)
    expect(stageOf('information')).toBe(1)
    expect(stageOf('report')).toBe(3)
    expect(stageOf('done')).toBe(STAGES.length)
    expect(phaseWord('something new')).toBeNull()
  })
})
