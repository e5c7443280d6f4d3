import { describe, expect, it } from 'vitest'
import { viridis } from './ramp'

describe('viridis', () => {
  it('runs from its first to its last colour and stops there', () => {
    expect([viridis(-1), viridis(0), viridis(1), viridis(2)]).toEqual([0x440154, 0x440154, 0xfde725, 0xfde725])
    // Half way between the fifth and the sixth of ten stops.
    expect(viridis(0.5)).toBe(0x23908c)
  })
})
