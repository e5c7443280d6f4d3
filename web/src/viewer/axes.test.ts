import { Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { boxToPark, boxToThree, globeToThree, toPark, toThree, unionBoxes } from './axes'
import type { Box } from './types'

/** The park frame's transform at a place, as `twin/geometry/frame.py` computes it (WGS 84). */
function globe(longitude: number, latitude: number, height: number): number[] {
  const [l, p] = [(longitude * Math.PI) / 180, (latitude * Math.PI) / 180]
  const [sl, cl, sp, cp] = [Math.sin(l), Math.cos(l), Math.sin(p), Math.cos(p)]
  const [a, f] = [6378137, 1 / 298.257223563]
  const n = a / Math.sqrt(1 - f * (2 - f) * sp * sp)
  const origin = [(n + height) * cp * cl, (n + height) * cp * sl, (n * (1 - f) ** 2 + height) * sp]
  return [-sl, cl, 0, 0, -sp * cl, -sp * sl, cp, 0, cp * cl, cp * sl, sp, 0, ...origin, 1]
}

describe('axes', () => {
  it('turns z up to y up and back', () => {
    expect(toThree([1, 2, 3]).toArray()).toEqual([1, 3, -2])
    expect(toPark(toThree([4, -5, 6]))).toEqual([4, -5, 6])
  })

  it('turns boxes and keeps them in order', () => {
    const box: Box = [-1, -20, 3, 4, 5, 60]
    expect(boxToPark(boxToThree(box))).toEqual(box)
  })

  it('leaves broken and empty boxes out of a union', () => {
    expect(unionBoxes([[0, 0, 0, 1, 1, 1], [5, 5, 5, 4, 4, 4], [NaN, 0, 0, 1, 1, 1], [-2, 0, 0, 0, 3, 1]])).toEqual([-2, 0, 0, 1, 3, 1])
    expect(unionBoxes([])).toBeNull()
  })

  it('brings the globe back to the park to a micrometre', () => {
    const g = globe(114.4, 30.5, 22)
    const matrix = globeToThree(g)
    for (const [east, north, up] of [[0, 0, 0], [350.25, -812.5, 41.75]] as const) {
      const [x, y, z] = [0, 1, 2].map((i) => (g[i] as number) * east + (g[4 + i] as number) * north + (g[8 + i] as number) * up + (g[12 + i] as number))
      const back = toPark(new Vector3(x, y, z).applyMatrix4(matrix))
      expect(Math.hypot(back[0] - east, back[1] - north, back[2] - up)).toBeLessThan(1e-6)
    }
  })

  it('refuses a transform that is no 4x4', () => {
    expect(() => globeToThree([1, 2, 3])).toThrow('expected 16')
  })
})
