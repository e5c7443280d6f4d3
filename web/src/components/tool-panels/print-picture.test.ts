import { describe, expect, it } from 'vitest'
import { barMetres } from './print-picture'

describe('a scale bar', () => {
  it('is the longest round length in a quarter of the picture', () => {
    // 1 m = 0.1 % of the width: a quarter is 250 m.
    expect(barMetres(0.001)).toBe(200)
    expect(barMetres(0.01)).toBe(20)
    expect(barMetres(0.0005)).toBe(500)
    expect(barMetres(0.3)).toBeCloseTo(0.5)
  })
})
