import { describe, expect, it } from 'vitest'
import { declutter, MARKER, NOTHING, WHOLE } from './declutter'
import type { Spot } from './declutter'

const spot = (x: number, y: number, priority: number, half = 10): Spot => ({
  x, y, half, priority, outside: false, left: x - half, right: x + 60, top: y - 12, bottom: y + 12,
})

function run(spots: Spot[]): number[] {
  const out = new Uint8Array(spots.length)
  declutter(spots, 1280, out)
  return [...out]
}

describe('declutter', () => {
  it('shows what has room', () => {
    expect(run([spot(50, 50, 1), spot(300, 50, 1)])).toEqual([WHOLE, WHOLE])
  })

  it('gives room to the more important, the other keeps its marker or goes', () => {
    expect(run([spot(130, 50, 1), spot(100, 50, 9)])).toEqual([NOTHING, WHOLE])
    expect(run([spot(60, 50, 1), spot(100, 50, 9)])).toEqual([MARKER, WHOLE])
  })

  it('keeps the order of equals, so that nothing flickers', () => {
    expect(run([spot(100, 50, 5), spot(110, 50, 5)])).toEqual([WHOLE, NOTHING])
  })

  it('shows no marker for labels without one, and nothing outside', () => {
    expect(run([spot(60, 50, 1, 0), spot(100, 50, 9)])).toEqual([NOTHING, WHOLE])
    expect(run([{ ...spot(60, 50, 1), outside: true }])).toEqual([NOTHING])
  })

  it('never lets two shown labels overlap', () => {
    let seed = 7
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647
    const spots = Array.from({ length: 400 }, () => spot(random() * 1200, random() * 700, Math.floor(random() * 5)))
    const shown = run(spots)
    const rects = spots.flatMap((s, i) =>
      shown[i] === WHOLE ? [[s.left, s.top, s.right, s.bottom]] : shown[i] === MARKER ? [[s.x - s.half, s.y - s.half, s.x + s.half, s.y + s.half]] : [],
    )
    expect(rects.length).toBeGreaterThan(50)
    for (let i = 0; i < rects.length; i++)
      for (let j = 0; j < i; j++) {
        const [a, b] = [rects[i], rects[j]] as [number[], number[]]
        const overlap = (a[0] as number) < (b[2] as number) && (a[2] as number) > (b[0] as number) && (a[1] as number) < (b[3] as number) && (a[3] as number) > (b[1] as number)
        expect(overlap).toBe(false)
      }
  })
})
