import { beforeEach, describe, expect, it, vi } from 'vitest'

import { LiveStore, LOST_AFTER_MS } from './live-store'
import type { LiveFrame } from '../live/types'
import type { PointColumns } from './types'
import { QUALITY } from './types'

const COLUMNS: PointColumns = {
  point_id: ['a', 'b', 'c'],
  gid: ['l/1', 'l/1', 'l/2'],
  state: [10, 10, null],
  device_state: [20, 21, null],
  kind: ['temperature', 'co2', 'temperature'],
  unit: ['°C', 'ppm', '°C'],
  min: [null, null, null],
  max: [null, null, null],
  name: ['A', 'B', 'C'],
}

function frame(points: number[], values: (number | null)[], quality = points.map(() => 0)): LiveFrame {
  const times = points.map(() => 1000)
  return { type: 'delta', id: 1, seq: 1, time: 5000, points, values, quality, changed_at: times, heard_at: times }
}

describe('LiveStore', () => {
  let pictures: (() => void)[]
  let store: LiveStore

  beforeEach(() => {
    pictures = []
    store = new LiveStore((callback) => pictures.push(callback))
    store.setPoints(COLUMNS)
  })

  const draw = (): void => {
    for (const picture of pictures.splice(0)) picture()
  }

  it('begins with values that were never heard', () => {
    expect(store.quality[0]).toBe(QUALITY.never)
    expect(store.values[0]).toBeNaN()
    expect(store.ageMs(0, 10)).toBe(Number.POSITIVE_INFINITY)
    expect(store.isFresh(0)).toBe(false)
  })

  it('finds points by kind, id and object', () => {
    expect(store.ofKinds(['temperature'])).toEqual([0, 2])
    expect(store.indexOf('b')).toBe(1)
    expect(store.indexOf('nobody')).toBe(-1)
    expect(store.ofState(10)).toEqual([0, 1])
  })

  it('tells listeners once a picture, with every changed point', () => {
    const listener = vi.fn()
    store.onFrame(listener)
    store.apply(frame([0], [21]))
    store.apply(frame([1, 0], [800, 22]))
    expect(listener).not.toHaveBeenCalled()
    expect(pictures).toHaveLength(1)
    draw()
    expect(listener).toHaveBeenCalledOnce()
    expect(listener.mock.calls[0]?.[0]).toEqual([0, 1])
    expect(store.values[0]).toBe(22)
  })

  it('takes null as no value, and leaves out indices that it does not know', () => {
    store.apply(frame([0, 99, -1], [null, 5, 5]))
    expect(store.values[0]).toBeNaN()
    expect(store.isFresh(0)).toBe(false)
    expect(store.size).toBe(3)
  })

  it('turns good values stale when the connection has been lost for long', () => {
    store.apply(frame([0], [21]))
    store.lostSince = 1_000
    expect(store.shownQuality(0, 1_000 + LOST_AFTER_MS)).toBe(QUALITY.good)
    expect(store.shownQuality(0, 1_001 + LOST_AFTER_MS)).toBe(QUALITY.stale)
    store.lostSince = null
    expect(store.isFresh(0, 1e9)).toBe(true)
  })

  it('keeps bad values bad while disconnected', () => {
    store.apply(frame([0], [21], [QUALITY.bad]))
    store.lostSince = 0
    expect(store.shownQuality(0, 1e9)).toBe(QUALITY.bad)
  })

  it('counts age by the clock of the server', () => {
    store.apply(frame([0], [21]))
    store.skewMs = 500
    expect(store.ageMs(0, 3000)).toBe(2500)
    expect(store.ageMs(0, 0)).toBe(0)
  })

  it('forgets values and announces new points', () => {
    const reset = vi.fn()
    store.apply(frame([0], [21]))
    store.onReset(reset)
    store.setPoints({ ...COLUMNS, point_id: ['x'], kind: ['noise'], state: [1], gid: ['l/9'] })
    expect(reset).toHaveBeenCalledOnce()
    expect(store.size).toBe(1)
    expect(store.isFresh(0)).toBe(false)
    expect(store.ofKinds(['temperature'])).toEqual([])
  })

  it('stops telling who left', () => {
    const listener = vi.fn()
    store.onFrame(listener)()
    store.apply(frame([0], [21]))
    draw()
    expect(listener).not.toHaveBeenCalled()
  })
})
