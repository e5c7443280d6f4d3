/** Fields of values in space: from points to a grid of cells, and to bytes. Park metres. */
import type { Box } from '../types'

export interface SpacePoint {
  x: number
  y: number
  z: number
  value: number
}

/** Values cell by cell: x runs fastest, then y (northwards), then z (upwards); NaN where there is none. */
export interface SpaceGrid {
  box: Box
  size: readonly [number, number, number]
  values: ArrayLike<number>
}

export interface SpaceOptions {
  /** Points farther than this count for nothing, metres; a metre upwards is worth `rise` of them. */
  radius?: number
  /** How many metres along the floor one metre upwards is worth: storeys are apart from each other. Default 1. */
  rise?: number
}

/**
 * Inverse distance weighting (Shepard 1968, power 2) at each cell's middle. Cells without a point in reach have no value, and points without
 * a finite value count for nothing.
 */
export function interpolateSpace(points: readonly SpacePoint[], box: Box, size: readonly [number, number, number], { radius = Infinity, rise = 1 }: SpaceOptions = {}): SpaceGrid {
  const [columns, rows, levels] = size
  if (!size.every((n) => n >= 1)) throw new Error(`A field of ${size.join(' × ')} cells was asked for: expected at least one each way.`)
  const known = points.filter((p) => Number.isFinite(p.value))
  const values = new Float32Array(columns * rows * levels).fill(NaN)
  const [x0, y0, z0, x1, y1, z1] = box
  const reach = radius * radius
  let cell = 0
  for (let level = 0; level < levels; level++) {
    const z = z0 + ((level + 0.5) / levels) * (z1 - z0)
    for (let row = 0; row < rows; row++) {
      const y = y0 + ((row + 0.5) / rows) * (y1 - y0)
      for (let column = 0; column < columns; column++, cell++) {
        const x = x0 + ((column + 0.5) / columns) * (x1 - x0)
        let [sum, weights] = [0, 0]
        for (const p of known) {
          const d2 = (p.x - x) ** 2 + (p.y - y) ** 2 + ((p.z - z) * rise) ** 2
          if (d2 > reach) continue
          const weight = 1 / Math.max(d2, 1e-6)
          sum += weight * p.value
          weights += weight
        }
        if (weights > 0) values[cell] = sum / weights
      }
    }
  }
  return { box, size, values }
}
