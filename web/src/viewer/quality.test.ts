import { describe, expect, it } from 'vitest'
import { cacheMegabytes, pixelRatio, QUALITIES } from './quality'

describe('pixelRatio', () => {
  it('never exceeds the screen, the preset or the pixel budget', () => {
    expect(pixelRatio(800, 600, 1, QUALITIES.high)).toBe(1)
    expect(pixelRatio(800, 600, 3, QUALITIES.high)).toBe(2)
    expect(pixelRatio(800, 600, 3, QUALITIES.low)).toBe(1)
    const ratio = pixelRatio(3840, 2160, 2, QUALITIES.high)
    expect(3840 * 2160 * ratio ** 2).toBeLessThanOrEqual(QUALITIES.high.pixels * 1.001)
  })
})

describe('cacheMegabytes', () => {
  it('is the preset’s, less where the device has little memory, and what was asked for', () => {
    expect(cacheMegabytes(QUALITIES.high, undefined, undefined)).toBe(900)
    expect(cacheMegabytes(QUALITIES.high, undefined, 8)).toBe(900)
    expect(cacheMegabytes(QUALITIES.high, undefined, 4)).toBe(500)
    expect(cacheMegabytes(QUALITIES.low, undefined, 0.5)).toBe(62.5)
    expect(cacheMegabytes(QUALITIES.low, 1200, 0.5)).toBe(1200)
    for (const wrong of [0, -5, NaN, Infinity]) expect(() => cacheMegabytes(QUALITIES.low, wrong)).toThrow(`${wrong} megabytes`)
  })
})
