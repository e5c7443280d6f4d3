import { describe, expect, it } from 'vitest'
import type { Box } from '../../types'
import { alongAxis, basis, dot, planeInBox } from './plane-geometry'

const box: Box = [0, 0, 0, 4, 3, 2]

describe('a cutting plane', () => {
  it('meets a box in a rectangle, a hexagon or nothing', () => {
    expect(planeInBox({ normal: [0, 0, 1], distance: 1 }, box)).toHaveLength(4)
    const s = 1 / Math.sqrt(3)
    expect(planeInBox({ normal: [s, s, s], distance: 1.5 * s * 2 }, [0, 0, 0, 2, 2, 2])).toHaveLength(6)
    expect(planeInBox({ normal: [0, 0, 1], distance: 5 }, box)).toEqual([])
  })

  it('gives its corners in turn', () => {
    const corners = planeInBox({ normal: [1, 0, 0], distance: 1 }, box)
    corners.forEach((p, i) => {
      const q = corners[(i + 1) % 4] as typeof p
      expect([2, 3]).toContain(Math.round(Math.hypot(p[1] - q[1], p[2] - q[2])))
    })
  })

  it('has two directions across it', () => {
    for (const normal of [[0, 0, 1], [0.6, 0, 0.8]] as const) {
      const [u, v] = basis(normal)
      expect([dot(u, normal), dot(v, normal), dot(u, v)].map((d) => Math.abs(d) < 1e-12)).toEqual([true, true, true])
      expect(Math.hypot(...v)).toBeCloseTo(1)
    }
  })
})

describe('a drag along an axis', () => {
  it('follows the ray and gives up where it runs along the axis', () => {
    expect(alongAxis([0, 0, 0], [0, 0, 1], [10, 0, 5], [-1, 0, 0])).toBeCloseTo(5)
    const s = Math.SQRT1_2
    expect(alongAxis([0, 0, 0], [0, 0, 1], [10, 0, 0], [-s, 0, s])).toBeCloseTo(10)
    expect(alongAxis([0, 0, 0], [0, 0, 1], [1, 1, 9], [0, 0, -1])).toBeNull()
  })
})
