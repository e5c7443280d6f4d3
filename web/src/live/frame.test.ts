import { describe, expect, it } from 'vitest'

import { frameOf } from './frame'

/** The layout of docs/reference/live.md, written by hand. */
function written(count: number): ArrayBuffer {
  const buffer = new ArrayBuffer(32 + 29 * count)
  const view = new DataView(buffer)
  view.setUint8(0, 1)
  view.setUint8(1, 2)
  view.setUint8(2, 1)
  view.setUint32(4, 4_000_000_000, true)
  view.setFloat64(8, 2 ** 40, true)
  view.setFloat64(16, 1_700_000_000_000, true)
  view.setUint32(24, count, true)
  for (let row = 0; row < count; row++) {
    view.setFloat64(32 + 8 * row, row === 0 ? Number.NaN : row * 1.5, true)
    view.setFloat64(32 + 8 * (count + row), 10 + row, true)
    view.setFloat64(32 + 8 * (2 * count + row), 20 + row, true)
    view.setUint32(32 + 24 * count + 4 * row, 100 + row, true)
    view.setUint8(32 + 28 * count + row, row)
  }
  return buffer
}

describe('frameOf', () => {
  it.each([0, 1, 3])('reads %i points as views on the buffer', (count) => {
    const buffer = written(count)
    const frame = frameOf(buffer)
    expect([frame.type, frame.past, frame.id, frame.seq, frame.time]).toEqual(['delta', true, 4_000_000_000, 2 ** 40, 1_700_000_000_000])
    expect(Array.from(frame.points)).toEqual([100, 101, 102].slice(0, count))
    expect(Array.from(frame.values)).toEqual([Number.NaN, 1.5, 3].slice(0, count))
    expect(Array.from(frame.changed_at)).toEqual([10, 11, 12].slice(0, count))
    expect(Array.from(frame.heard_at)).toEqual([20, 21, 22].slice(0, count))
    expect(Array.from(frame.quality)).toEqual([0, 1, 2].slice(0, count))
    expect((frame.values as Float64Array).buffer).toBe(buffer)
  })

  it.each([() => new ArrayBuffer(0), () => written(2).slice(1), () => written(2).slice(0, 80)])('refuses what is none', (make) => {
    expect(() => frameOf(make())).toThrow(/no live frame/)
  })
})
