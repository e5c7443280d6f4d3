import { describe, expect, it } from 'vitest'

import type { ReplayState } from '../live/types'
import { jumped, past, pastStore } from './past'

const replay = (state: ReplayState['state'], at: number, speed = 60): ReplayState => ({ type: 'replay', state, at, to: 1e12, speed })

describe('jumped', () => {
  it('tells playing on from going elsewhere', () => {
    expect(jumped(null, replay('playing', 5000))).toBe(true)
    expect(jumped(replay('playing', 5000), replay('playing', 65_000))).toBe(false)
    expect(jumped(replay('playing', 65_000), replay('playing', 5000))).toBe(true)
    expect(jumped(replay('playing', 0), replay('playing', 3_600_000))).toBe(true)
    expect(jumped(replay('playing', 0, 3600), replay('playing', 3_600_000, 3600))).toBe(false)
  })

  it('asks again where it stands still, and where it ends', () => {
    expect(jumped(replay('playing', 5000), replay('paused', 5100))).toBe(true)
    expect(jumped(replay('paused', 5000), replay('paused', 9000))).toBe(true)
    expect(jumped(replay('playing', 5000), replay('ended', 5100))).toBe(true)
  })
})

describe('past', () => {
  it('holds the moment until the present is back', () => {
    past.moved(replay('paused', 7000))
    expect(pastStore.get().replay?.at).toBe(7000)
    past.moved(replay('live', 7000))
    expect(pastStore.get().replay).toBeNull()
  })
})
