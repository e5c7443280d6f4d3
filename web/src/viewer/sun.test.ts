import { describe, expect, it } from 'vitest'
import { toPark } from './axes'
import { sunAt } from './sun'

/** NOAA's solar calculator for Wuhan (30.5 N, 114.4 E): solar noon of 2024-06-21 is 12:24 CST, elevation 82.9°. */
describe('sunAt', () => {
  it('stands high in the south at noon in summer', () => {
    const { direction, altitude, strength } = sunAt(new Date('2024-06-21T04:24:00Z'), 30.5, 114.4)
    expect(altitude).toBeCloseTo(82.9, 0)
    const [, north, up] = toPark(direction)
    expect(north).toBeLessThan(0)
    expect(up).toBeGreaterThan(0.99)
    expect(strength).toBe(1)
  })

  it('is in the east in the morning and low at the great cold', () => {
    const [east] = toPark(sunAt(new Date('2024-01-20T01:00:00Z'), 30.5, 114.4).direction)
    expect(east).toBeGreaterThan(0.5)
    expect(sunAt(new Date('2024-01-20T04:30:00Z'), 30.5, 114.4).altitude).toBeLessThan(41)
  })

  it('gives no light at night', () => {
    expect(sunAt(new Date('2024-06-21T16:00:00Z'), 30.5, 114.4).strength).toBe(0)
  })
})
