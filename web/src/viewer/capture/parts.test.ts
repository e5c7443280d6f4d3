import { describe, expect, it } from 'vitest'
import { partsOf, pictureSize } from './parts'

describe('parts of a picture', () => {
  it('cover every pixel once and stay within the limit', () => {
    const [width, height] = [1000, 700]
    const seen = new Uint8Array(width * height)
    for (const { paint, keep } of partsOf(width, height, 256)) {
      expect(Math.max(paint[2], paint[3])).toBeLessThanOrEqual(256)
      expect(paint[0] + paint[2]).toBeLessThanOrEqual(width)
      expect(paint[1] + paint[3]).toBeLessThanOrEqual(height)
      for (let y = 0; y < keep[3]; y++)
        for (let x = 0; x < keep[2]; x++) {
          const at = (paint[1] + keep[1] + y) * width + paint[0] + keep[0] + x
          seen[at] = (seen[at] as number) + 1
        }
    }
    expect(seen.every((n) => n === 1)).toBe(true)
  })

  it('are one where the picture is small', () => {
    expect(partsOf(100, 80, 2048)).toEqual([{ paint: [0, 0, 100, 80], keep: [0, 0, 100, 80] }])
    expect(() => partsOf(0, 80, 2048)).toThrow('0 × 80')
  })
})

describe('the size of a picture', () => {
  it('keeps the shape of the stage and stays within 8K', () => {
    expect(pictureSize(7680, { width: 1920, height: 1080 })).toEqual([7680, 4320])
    expect(pictureSize(9999, { width: 1000, height: 2000 })).toEqual([3840, 7680])
  })
})
