import { describe, expect, it } from 'vitest'

import { sumHistories } from './power-trend'

const history = (t: number[], mean: (number | null)[]) => ({ t, mean, min: mean, max: mean })
const MINUTE = 60_000

describe('sumHistories', () => {
  it('adds meters bucket by bucket', () => {
    const times = [MINUTE, 2 * MINUTE]
    expect(sumHistories([history(times, [1, 2]), history(times, [10, 20])])).toEqual([
      [MINUTE, 11],
      [2 * MINUTE, 22],
    ])
  })

  it('keeps the last value of a meter that is silent for a short while', () => {
    const sums = sumHistories([history([0, MINUTE, 2 * MINUTE], [1, 1, 1]), history([0, 2 * MINUTE], [10, 30])])
    expect(sums.map(([, sum]) => sum)).toEqual([11, 11, 31])
  })

  it('leaves out buckets where a meter is missing for long: a gap must not read as a drop', () => {
    const times = Array.from({ length: 12 }, (_, index) => index * MINUTE)
    const sums = sumHistories([history(times, times.map(() => 5)), history([0], [100])])
    expect(sums.every(([, sum]) => sum === 105)).toBe(true)
    expect(sums.length).toBeLessThan(12)
  })

  it('has nothing to say without meters', () => {
    expect(sumHistories([])).toEqual([])
    expect(sumHistories([history([], [])])).toEqual([])
  })
})
