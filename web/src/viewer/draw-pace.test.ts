import { describe, expect, it } from 'vitest'
import { DrawPace } from './draw-pace'

/** A card that finishes when `done` says so, and a clock that is set by hand. */
function card() {
  const state = { done: false, now: 0, fences: 0 }
  const gl = {
    SYNC_GPU_COMMANDS_COMPLETE: 1,
    SYNC_STATUS: 2,
    SIGNALED: 3,
    fenceSync: () => ((state.fences += 1), {}),
    deleteSync: () => (state.fences -= 1),
    getSyncParameter: () => (state.done ? 3 : 0),
    flush: () => undefined,
  }
  return { state, pace: new DrawPace(gl as never, () => state.now) }
}

describe('the pace of pictures while tiles arrive', () => {
  it('lets the first one be drawn at once', () => {
    expect(card().pace.free()).toBe(true)
  })

  it('waits until the last one is finished, and then as much longer as it took', () => {
    const { state, pace } = card()
    pace.drawn()
    state.now = 500
    expect(pace.free()).toBe(false)
    state.done = true
    state.now = 1000
    expect(pace.free()).toBe(false)
    state.now = 2400
    expect(pace.free()).toBe(false)
    state.now = 2501
    expect(pace.free()).toBe(true)
  })

  it('tells when the last one is there to be seen, rested or not', () => {
    const { state, pace } = card()
    expect(pace.finished()).toBe(true)
    pace.drawn()
    expect(pace.finished()).toBe(false)
    state.done = true
    state.now = 1000
    expect([pace.finished(), pace.free()]).toEqual([true, false])
    state.now = 2500
    expect(pace.free()).toBe(true)
  })

  it('keeps one fence at most', () => {
    const { state, pace } = card()
    for (let i = 0; i < 5; i++) pace.drawn()
    expect(state.fences).toBe(1)
    state.done = true
    pace.free()
    expect(state.fences).toBe(0)
  })
})
