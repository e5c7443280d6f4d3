/**
 * Between park metres (x east, y north, z up) and three.js axes (x right, y up, z towards the viewer):
 * three = (x, z, −y).
 */
import { Box3, Matrix4, Vector3 } from 'three'
import type { Box, Vec3 } from './types'

export function toThree(p: Readonly<Vec3>, out = new Vector3()): Vector3 {
  return out.set(p[0], p[2], -p[1])
}

export function toPark(v: { x: number; y: number; z: number }): Vec3 {
  return [v.x, -v.z, v.y]
}

export function boxToThree(b: Readonly<Box>, out = new Box3()): Box3 {
  out.min.set(b[0], b[2], -b[4])
  out.max.set(b[3], b[5], -b[1])
  return out
}

export function boxToPark(b: Box3): Box {
  return [b.min.x, -b.max.z, b.min.y, b.max.x, -b.min.z, b.max.y]
}

/** The smallest box around all of `boxes`, or null where there are none. Empty or broken boxes are left out. */
export function unionBoxes(boxes: Iterable<Readonly<Box>>): Box | null {
  let out: Box | null = null
  for (const b of boxes) {
    if (!b.every(Number.isFinite) || b[3] < b[0] || b[4] < b[1] || b[5] < b[2]) continue
    out = out
      ? [Math.min(out[0], b[0]), Math.min(out[1], b[1]), Math.min(out[2], b[2]), Math.max(out[3], b[3]), Math.max(out[4], b[4]), Math.max(out[5], b[5])]
      : [...b]
  }
  return out
}

/**
 * The matrix from geocentric coordinates to three.js axes in the park frame.
 *
 * `globe` is rigid (column-major, east, north, up and the origin), so its inverse is the transpose
 * and the turned-back origin: exact to nanometres in doubles, where a general inverse loses digits.
 */
export function globeToThree(globe: readonly number[] | null, out = new Matrix4()): Matrix4 {
  if (globe?.length !== 16) throw new Error(`park.globe has ${globe?.length ?? 0} numbers: expected 16, column by column; a park without origin has no scene yet.`)
  const g = globe as unknown as [
    number, number, number, number, number, number, number, number,
    number, number, number, number, number, number, number, number,
  ]
  const tx = -(g[0] * g[12] + g[1] * g[13] + g[2] * g[14])
  const ty = -(g[4] * g[12] + g[5] * g[13] + g[6] * g[14])
  const tz = -(g[8] * g[12] + g[9] * g[13] + g[10] * g[14])
  // Rows of the inverse are east, north, up; three.js wants east, up, −north.
  return out.set(g[0], g[1], g[2], tx, g[8], g[9], g[10], tz, -g[4], -g[5], -g[6], -ty, 0, 0, 0, 1)
}
