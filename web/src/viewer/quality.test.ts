import { describe, expect, it } from 'vitest'
import { pixelRatio, QUALITIES } from './quality'

describe('pixelRatio', () => {
  it('never exceeds the screen, the preset or the pixel budget', () => {
    expect(pixelRatio(800, 600, 1, QUALITIES.high)).toBe(1)
    expect(pixelRatio(800, 600, 3, QUALITIES.high)).toBe(2)
    expect(pixelRatio(800, 600, 3, QUALITIES.low)).toBe(1)
    const ratio = pixelRatio(3840, 2160, 2, QUALITIES.high)
    expect(3840 * 2160 * ratio ** 2).toBeLessThanOrEqual(QUALITIES.high.pixels * 1.001)
  })
})
