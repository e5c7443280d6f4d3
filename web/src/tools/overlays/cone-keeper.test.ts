import { describe, expect, it } from 'vitest'
import { coneOf, poseOf } from './cone-keeper'
import type { ViewCone } from '../../viewer/overlays/view-fan'

const row = { gid: 'a/c', state: 1, name: 'c', tag: null, layer: 'a', storey: null, x: 1, y: 2, z: 3, heading: 90, pitch: -12, width: 92, height: 52, range: 18 }

describe('a camera’s view', () => {
  it('is what its properties say, with usual angles where they say nothing', () => {
    expect(coneOf(row)).toMatchObject({ position: [1, 2, 3], heading: 90, width: 92, range: 18 })
    expect(coneOf({ ...row, width: null, range: null })).toMatchObject({ width: 90, range: 20 })
    expect(coneOf({ ...row, heading: null })).toBeNull()
  })

  it('looks east and down where it says so', () => {
    const { position, target } = poseOf(coneOf(row) as ViewCone)
    expect(position[0]).toBeGreaterThan(1)
    expect(target[0]).toBeGreaterThan(position[0])
    expect(target[1]).toBeCloseTo(2)
    expect(target[2]).toBeLessThan(position[2])
  })
})
