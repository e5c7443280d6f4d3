import { describe, expect, it } from 'vitest'

import { beneath } from './label-layer'

const spot = { left: 100, right: 180, top: 50, bottom: 70 }
const none = { left: 0, right: 0, top: 0, bottom: 0 }

describe('beneath', () => {
  it('leaves out what reaches below a panel at any side', () => {
    expect(beneath(spot, { left: 100, right: 20, top: 50, bottom: 30 }, 200, 100)).toBe(false)
    for (const covered of [{ ...none, left: 101 }, { ...none, right: 21 }, { ...none, top: 51 }, { ...none, bottom: 31 }])
      expect(beneath(spot, covered, 200, 100)).toBe(true)
  })

  it('lets a label be cut by an edge that nothing covers', () => {
    expect(beneath({ left: -10, right: 220, top: -5, bottom: 130 }, none, 200, 100)).toBe(false)
  })
})
