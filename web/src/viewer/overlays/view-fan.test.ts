import { describe, expect, it } from 'vitest'
import { checkCone, fan } from './view-fan'
import type { ViewCone } from './view-fan'

const cone: ViewCone = { id: 'cam', position: [0, 0, 4], heading: 90, pitch: 0, width: 90, height: 60, range: 30, color: 0 }

describe('the fan of a view', () => {
  it('looks where the camera looks, row by row from its top left', () => {
    const directions = fan(cone, 2, 2)
    expect(directions).toHaveLength(9)
    // East in the middle, half of 90° to the north at the left.
    expect(directions[4]?.map((v) => Math.round(v * 1e6) / 1e6)).toEqual([1, 0, 0])
    const left = directions[3] as [number, number, number]
    expect((Math.atan2(left[1], left[0]) * 180) / Math.PI).toBeCloseTo(45)
    expect((directions[1] as number[])[2]).toBeCloseTo(Math.sin(Math.PI / 6))
  })

  it('looks down with a negative pitch', () => {
    const [, , z] = fan({ ...cone, pitch: -30 }, 2, 2)[4] as [number, number, number]
    expect(z).toBeCloseTo(-0.5)
  })

  it('refuses what cannot be drawn', () => {
    expect(() => checkCone({ ...cone, width: 180 })).toThrow('180° by 60°')
    expect(() => checkCone({ ...cone, range: 0 })).toThrow('0 m')
  })
})
