import { describe, expect, it } from 'vitest'

import { pullsStage, UNTOUCHED_MS } from './alarm-pull'

const rest = { touchedAt: 1000, now: 1000 + UNTOUCHED_MS, busy: false }

describe('pullsStage', () => {
  it('follows a critical alarm on a wall that nobody uses', () => {
    expect(pullsStage('raised', { severity: 'critical' }, rest)).toBe(true)
  })

  it('leaves the stage to whoever used it within the minute, or has opened something', () => {
    expect(pullsStage('raised', { severity: 'critical' }, { ...rest, now: rest.now - 1 })).toBe(false)
    expect(pullsStage('raised', { severity: 'critical' }, { ...rest, busy: true })).toBe(false)
  })

  it('does not follow lesser alarms or other events', () => {
    expect(pullsStage('raised', { severity: 'major' }, rest)).toBe(false)
    expect(pullsStage('cleared', { severity: 'critical' }, rest)).toBe(false)
  })
})
