import { describe, expect, it } from 'vitest'
import type { Box, CameraPose } from '../types'
import { arc, distanceToFit, flightSeconds, homePose, poseForBox } from './compose'

const lens = { fov: (40 * Math.PI) / 180, aspect: 16 / 9 }
const pose = (x: number, y: number, z: number): CameraPose => ({ position: [x, y, z], target: [0, 0, 0] })

describe('compose', () => {
  it('fits a sphere in the narrower way', () => {
    expect(distanceToFit(10, lens)).toBeCloseTo(10 / Math.sin(lens.fov / 2))
    expect(distanceToFit(10, { ...lens, aspect: 0.5 })).toBeGreaterThan(distanceToFit(10, lens))
  })

  it('looks at the middle of the box from the asked side', () => {
    const box: Box = [0, 0, 0, 20, 10, 6]
    const { position, target } = poseForBox(box, [0, -1, 1], lens)
    expect(target).toEqual([10, 5, 3])
    expect(position[0]).toBeCloseTo(10)
    expect(position[1]).toBeLessThan(5)
    expect(position[2]).toBeGreaterThan(3)
  })

  it('stands south of the park and above it', () => {
    const { position, target } = homePose([-100, -60, 0, 100, 60, 30], lens)
    expect(position[1]).toBeLessThan(target[1])
    expect(position[2]).toBeGreaterThan(30)
  })

  it('flies on an arc: exact ends, higher in the middle than the straight way', () => {
    const [from, to] = [pose(0, -100, 20), pose(200, -100, 20)]
    expect(arc(from, to, 0)).toEqual(from)
    expect(arc(from, to, 1).position[0]).toBeCloseTo(200)
    expect(arc(from, to, 1).position[2]).toBeCloseTo(20)
    expect(arc(from, to, 0.5).position[2]).toBeGreaterThan(40)
  })

  it('takes 0.8 to 1.5 seconds', () => {
    expect(flightSeconds(pose(0, 0, 1), pose(0, 0, 1))).toBeCloseTo(0.8)
    expect(flightSeconds(pose(0, 0, 0), pose(5000, 0, 0))).toBe(1.5)
  })
})
