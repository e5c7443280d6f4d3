import { describe, expect, it } from 'vitest'

import { changeText } from './device-card'
import { changedFields } from './device-form'

describe('what a form sends', () => {
  it('is what differs, and nothing else', () => {
    const before = { name: 'a', tags: ['x'], installed: '2024-01-01', heartbeat_s: null, notes: '' }
    expect(changedFields(before, { ...before, name: 'b' })).toEqual({ name: 'b' })
    expect(changedFields(before, { ...before })).toEqual({})
    expect(changedFields(before, { ...before, tags: ['x', 'y'] })).toEqual({ tags: ['x', 'y'] })
  })

  it('empties what was emptied, each in its kind', () => {
    const before = { name: 'a', tags: ['x'], installed: '2024-01-01', maintain_every_days: 30 }
    expect(changedFields(before, { name: '', tags: [], installed: '', maintain_every_days: null })).toEqual({ name: '', tags: [], installed: null, maintain_every_days: null })
  })

  it('of a new device holds only what was filled in', () => {
    expect(changedFields({}, { name: 'a', gid: '', tags: [], groups: ['g'], heartbeat_s: null })).toEqual({ name: 'a', groups: ['g'] })
  })
})

describe('a change in words', () => {
  it('tells before and after', () => {
    expect(changeText('firmware', ['1', '2'])).toBe('firmware: 1 → 2')
    expect(changeText('tags', [[], ['a', 'b']])).toBe('tags: a, b')
    expect(changeText('reason', 'broken')).toBe('reason: broken')
  })
})
