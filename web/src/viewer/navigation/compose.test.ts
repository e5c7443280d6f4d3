import { PerspectiveCamera, Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import type { Box, CameraPose } from '../types'
import { arc, distanceToFit, flightSeconds, freePart, homePose, poseForBox, poseInFreePart } from './compose'

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
    const { position, target } = homePose([[-100, -60, 0, 100, 60, 30]], lens)
    expect(position[1]).toBeLessThan(target[1])
    expect(position[2]).toBeGreaterThan(30)
  })

  it('fills the part of the picture that panels leave, and no more', () => {
    const box: Box = [-100, -60, 0, 100, 60, 40]
    const free = freePart({ left: 900, right: 100, top: 150, bottom: 60 }, 1920, 1080)
    if (!free) throw new Error('there is room left')
    const { position, target } = poseInFreePart([box], [0.4, -1, 0.7], lens, free)
    const camera = new PerspectiveCamera(40, lens.aspect, 0.1, 5000)
    camera.up.set(0, 0, 1)
    camera.position.set(...position)
    camera.lookAt(...target)
    camera.updateMatrixWorld()
    const seen = [0, 1, 2, 3, 4, 5, 6, 7].map((c) => new Vector3(c & 1 ? 100 : -100, c & 2 ? 60 : -60, c & 4 ? 40 : 0).project(camera))
    const [xs, ys] = [seen.map((p) => p.x), seen.map((p) => p.y)]
    const slack = [Math.min(...xs) - free.left, free.right - Math.max(...xs), Math.min(...ys) - free.bottom, free.top - Math.max(...ys)]
    expect(Math.min(...slack)).toBeGreaterThan(-1e-6)
    expect(Math.min(...slack)).toBeLessThan(1e-6)
    expect(target[2]).toBeCloseTo(20)
  })

  it('takes no insets that leave next to nothing', () => {
    expect(freePart({ left: 0, right: 0, top: 0, bottom: 0 }, 100, 100)).toBeNull()
    expect(freePart({ left: 60, right: 30, top: 0, bottom: 0 }, 100, 100)).toBeNull()
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
