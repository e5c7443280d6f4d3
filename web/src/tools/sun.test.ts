import { describe, expect, it } from 'vitest'
import { hourText, isLight, lightHours, sunDay, sunDayOf } from './sun'

const WUHAN = { latitude: 30.5, longitude: 114.4, zone: 'Asia/Shanghai' }
const TROMSO = { latitude: 69.65, longitude: 18.96, zone: 'Europe/Oslo' }

describe('the days of the sun', () => {
  it('are found by name and by date', () => {
    expect(sunDay('2031-04-05', 'greatCold')).toBe('2031-01-20')
    expect(sunDayOf('2031-12-21')).toBe('winterSolstice')
    expect(sunDayOf('2031-12-22')).toBeNull()
  })

  /** By cos H = −tan φ · tan δ, the equation of time and 34′ of refraction the sun's middle rises and sets at 05:22, 19:26 and 07:17, 17:24. */
  it('are light from sunrise to sunset on the park’s clock', () => {
    expect(lightHours(WUHAN, '2026-06-21')).toEqual([5.5, 19.25])
    expect(lightHours(WUHAN, '2026-12-21')).toEqual([7.5, 17.25])
    expect(isLight(WUHAN, '2026-06-21', 3)).toBe(false)
  })

  it('have no night or no day in the far north', () => {
    expect(lightHours(TROMSO, '2026-06-21')).toEqual([0, 23.75])
    expect(lightHours(TROMSO, '2026-12-21')).toBeNull()
  })

  it('show their hours', () => {
    expect([hourText(0), hourText(9.25), hourText(23.75)]).toEqual(['00:00', '09:15', '23:45'])
  })
})
