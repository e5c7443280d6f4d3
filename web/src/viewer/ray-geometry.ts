/** Plain ray arithmetic; directions need not have length one, t counts in lengths of the direction. */
import type { Box3, Vector3, Vector4 } from 'three'

/** Where the ray enters the box (0 where it starts inside), or Infinity. */
export function rayBox(origin: Vector3, direction: Vector3, box: Box3): number {
  let near = 0
  let far = Infinity
  for (const axis of ['x', 'y', 'z'] as const) {
    const d = direction[axis]
    const o = origin[axis]
    if (d === 0) {
      if (o < box.min[axis] || o > box.max[axis]) return Infinity
      continue
    }
    const a = (box.min[axis] - o) / d
    const b = (box.max[axis] - o) / d
    near = Math.max(near, Math.min(a, b))
    far = Math.min(far, Math.max(a, b))
    if (near > far) return Infinity
  }
  return near
}

/**
 * Möller and Trumbore, "Fast, Minimum Storage Ray-Triangle Intersection" (1997).
 * Gives t, or Infinity; `facing` is negative where the ray meets the back of the triangle.
 */
export function rayTriangle(origin: Vector3, direction: Vector3, a: Vector3, b: Vector3, c: Vector3, out: { facing: number }): number {
  const e1x = b.x - a.x, e1y = b.y - a.y, e1z = b.z - a.z
  const e2x = c.x - a.x, e2y = c.y - a.y, e2z = c.z - a.z
  const px = direction.y * e2z - direction.z * e2y
  const py = direction.z * e2x - direction.x * e2z
  const pz = direction.x * e2y - direction.y * e2x
  const determinant = e1x * px + e1y * py + e1z * pz
  if (determinant === 0) return Infinity
  const inverse = 1 / determinant
  const tx = origin.x - a.x, ty = origin.y - a.y, tz = origin.z - a.z
  const u = (tx * px + ty * py + tz * pz) * inverse
  if (u < 0 || u > 1) return Infinity
  const qx = ty * e1z - tz * e1y
  const qy = tz * e1x - tx * e1z
  const qz = tx * e1y - ty * e1x
  const v = (direction.x * qx + direction.y * qy + direction.z * qz) * inverse
  if (v < 0 || u + v > 1) return Infinity
  const t = (e2x * qx + e2y * qy + e2z * qz) * inverse
  out.facing = determinant
  return t > 0 ? t : Infinity
}

/** Whether a point is cut away by any of the planes: dot(n, p) > w. */
export function isCut(point: Vector3, cuts: readonly Vector4[]): boolean {
  for (const c of cuts) if (c.x * point.x + c.y * point.y + c.z * point.z > c.w) return true
  return false
}

/** Whether a point lies where the ground is cut open: `pit` is min x, min z, max x, max z. */
export function inPit(point: Vector3, pit: Vector4 | undefined): boolean {
  return pit !== undefined && point.x > pit.x && point.z > pit.y && point.x < pit.z && point.z < pit.w
}
