import { describe, expect, it } from 'vitest'
import { mediumOf, speedOf } from './flow-styles'

const line = { gid: 'a/1', state: 1, name: null, type: 'PipeSegment', system: null, medium: null, direction: 'drawn' as const, points: [] }

describe('what flows in a line', () => {
  it('is told by the source, else by the system, else by the type', () => {
    expect(mediumOf({ ...line, medium: 'gas', system: '给水系统' })).toBe('gas')
    expect(mediumOf({ ...line, medium: 'other', system: '给水系统' })).toBe('supply')
    expect(mediumOf({ ...line, system: '自动喷水灭火系统' })).toBe('fire')
    expect(mediumOf({ ...line, system: '空调冷水系统' })).toBe('chilled')
    expect(mediumOf({ ...line, type: 'Road' })).toBe('road')
    expect(mediumOf(line)).toBe('other')
  })

  it('stands where its direction is not known', () => {
    expect(speedOf({ ...line, direction: 'none' })).toBe(0)
    expect(speedOf({ ...line, medium: 'storm' })).toBeGreaterThan(0)
  })
})
