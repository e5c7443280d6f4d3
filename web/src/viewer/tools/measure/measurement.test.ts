import { describe, expect, it } from 'vitest'
import type { Vec3 } from '../../types'
import { angleAt, measure, metres, wording } from './measurement'

describe('measuring', () => {
  it('gives the distance and its parts along east, north and up', () => {
    expect(measure('distance', [[1, 2, 3], [4, 6, 15]])).toMatchObject({ distance: 13, dx: 3, dy: 4, dz: 12, value: 13, unit: 'm' })
    expect([metres(1.234), metres(-0.5), metres(123.456), metres(-0.001)]).toEqual(['1.23 m', '-0.50 m', '123.5 m', '0.00 m'])
  })

  it('gives angles in degrees, also for points on one line and for one point twice', () => {
    expect(measure('angle', [[1, 0, 0], [0, 0, 0], [0, 0, 2]])).toMatchObject({ value: 90, unit: '°' })
    expect(angleAt([1, 0, 0], [0, 0, 0], [3, 0, 0])).toBe(0)
    expect(angleAt([0, 0, 0], [0, 0, 0], [3, 0, 0])).toBe(0)
  })

  it('gives the area of a polygon in its own plane and from above, whichever way it was clicked', () => {
    // A roof of 4 by 5 m that rises 3 m over 4 m: 20 m² above the ground, 25 m² itself.
    const roof: Vec3[] = [[0, 0, 0], [4, 0, 3], [4, 5, 3], [0, 5, 0]]
    for (const points of [roof, roof.toReversed()]) {
      const found = measure('area', points)
      expect(found?.value).toBeCloseTo(25)
      expect(found?.planArea).toBeCloseTo(20)
      expect(found?.perimeter).toBeCloseTo(20)
    }
  })

  it('takes the height alone of two points, and the level of one', () => {
    expect(measure('height', [[0, 0, 8], [30, 0, 3]])?.value).toBe(5)
    expect(measure('point', [[7, 8, 9]])).toMatchObject({ value: 9, from: [7, 8, 9] })
  })

  it('waits for enough points', () => {
    expect(measure('distance', [[0, 0, 0]])).toBeNull()
    expect(measure('area', [[0, 0, 0], [1, 0, 0]])).toBeNull()
    expect(measure('point', [])).toBeNull()
  })

  it('is written in signs', () => {
    const found = measure('angle', [[1, 0, 0], [0, 0, 0], [1, 1, 0]])
    expect(found && wording(found)).toEqual(['∠ 45.0°', ''])
  })
})
