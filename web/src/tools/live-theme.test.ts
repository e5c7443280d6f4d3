import { describe, expect, it } from 'vitest'

import { LiveStore } from '../api/live-store'
import type { LiveFrame } from '../live/types'
import type { PointColumns } from '../api/types'
import { StateStore } from '../viewer/state-store'
import { LiveTheme, observedRange } from './live-theme'
import type { ThemeLegend } from './live-theme'
import { rampColor } from './ramps'
import { themeOf } from './themes'

const STALE = 0x777777
const TOKENS: Record<string, number> = { '--severity-stale': STALE, '--severity-normal': 0x00aa00, '--severity-critical': 0xff0000 }

function points(kind: string): PointColumns {
  return {
    point_id: ['a', 'b', 'c'],
    gid: ['l/1', 'l/1', 'l/2'],
    state: [4, 4, 6],
    device_state: [null, null, null],
    kind: [kind, kind, kind],
    unit: ['°C', '°C', '°C'],
    min: [null, null, null],
    max: [null, null, null],
    name: ['', '', ''],
  }
}

function frame(indices: number[], values: number[], quality = 0): LiveFrame {
  const same = (value: number): number[] => indices.map(() => value)
  return { type: 'delta', id: 1, seq: 1, time: 1, points: indices, values, quality: same(quality), changed_at: same(1), heard_at: same(1) }
}

function setUp(kind: string, theme: string) {
  let draw = (): void => undefined
  const live = new LiveStore((callback) => {
    draw = callback
  })
  live.setPoints(points(kind))
  const table = new StateStore(10)
  const legends: (ThemeLegend | null)[] = []
  const colors = new LiveTheme(live, table, (name) => TOKENS[name] ?? 0, (legend) => legends.push(legend))
  colors.start(themeOf(theme))
  return { live, table, colors, legends, draw: () => draw() }
}

describe('LiveTheme', () => {
  it('paints objects without values grey, then by the mean of their points', () => {
    const { live, table, draw, legends } = setUp('temperature', 'temperature')
    expect(table.colorOf(4)).toBe(STALE)
    live.apply(frame([0, 1], [20, 24]))
    draw()
    expect(table.colorOf(4)).toBe(rampColor('viridis', 22, 18, 28))
    expect(table.colorOf(6)).toBe(STALE)
    expect(legends.at(-1)).toMatchObject({ fresh: 1, total: 2, low: 18, high: 28, unit: '°C' })
  })

  it('turns an object grey again when its values go stale', () => {
    const { live, table, draw } = setUp('temperature', 'temperature')
    live.apply(frame([2], [25]))
    draw()
    expect(table.colorOf(6)).not.toBe(STALE)
    live.apply(frame([2], [25], 1))
    draw()
    expect(table.colorOf(6)).toBe(STALE)
  })

  it('shows the worst of several states', () => {
    const { live, table, draw } = setUp('smoke', 'fire')
    live.apply(frame([0, 1, 2], [0, 1, 0]))
    draw()
    expect(table.colorOf(4)).toBe(0xff0000)
    expect(table.colorOf(6)).toBe(0x00aa00)
  })

  it('leaves the stage as it was when it ends', () => {
    const { live, table, colors, draw, legends } = setUp('temperature', 'temperature')
    live.apply(frame([0, 1, 2], [20, 20, 20]))
    draw()
    colors.stop()
    expect(table.colorOf(4)).toBeNull()
    expect(legends.at(-1)).toBeNull()
    live.apply(frame([0], [25]))
    draw()
    expect(table.colorOf(4)).toBeNull()
  })

  it('names the objects that it colours', () => {
    expect(setUp('temperature', 'temperature').colors.ranges).toEqual([[4, 4], [6, 6]])
  })
})

describe('observedRange', () => {
  it('starts at zero for values that reach near it, and ignores outliers', () => {
    const values = [...Array.from({ length: 98 }, (_, index) => index), 10_000, Number.NaN]
    const [low, high] = observedRange(values)
    expect(low).toBe(0)
    expect(high).toBeLessThan(200)
    expect(observedRange([])).toEqual([0, 1])
  })
})
