import { describe, expect, it } from 'vitest'

import { LiveStore } from '../api/live-store'
import { deviceHealth, layerOfGid, pointsByLayer, summarise } from './live-sums'

function store(): LiveStore {
  const live = new LiveStore(() => undefined)
  live.setPoints({
    point_id: ['a', 'b', 'c', 'd'],
    gid: ['a1/x', 'a1/y', 'l1/z', 'l1/w'],
    state: [1, 2, 3, 4],
    device_state: [7, 7, 8, null],
    kind: ['power', 'power', 'power', 'noise'],
    unit: ['kW', 'kW', 'kW', 'dB'],
    min: [null, null, null, null],
    max: [null, null, null, null],
    name: ['', '', '', ''],
  })
  live.apply({
    type: 'snapshot', id: 1, seq: 1, time: 9, points: [0, 1, 2], values: [10, 30, 50], quality: [0, 1, 0],
    changed_at: [1, 1, 1], heard_at: [1, 1, 1],
  })
  return live
}

describe('sums of live values', () => {
  it('count only current values', () => {
    const live = store()
    expect(summarise(live, live.ofKinds(['power']))).toEqual({ sum: 60, mean: 30, min: 10, max: 50, fresh: 2, total: 3 })
  })

  it('are no number without a current value, never zero', () => {
    const live = store()
    expect(summarise(live, live.ofKinds(['noise'])).sum).toBeNaN()
  })

  it('go by layer', () => {
    expect([...pointsByLayer(store(), ['power'])]).toEqual([['a1', [0, 1]], ['l1', [2]]])
    expect(layerOfGid('a1/0Xx')).toBe('a1')
  })

  it('call a device online when one of its points is current', () => {
    expect(deviceHealth(store())).toEqual({ online: 2, stale: 0, silent: 1, total: 3 })
  })
})
