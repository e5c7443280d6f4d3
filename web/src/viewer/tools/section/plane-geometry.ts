/** A cutting plane and a box, and a drag along an axis: plain arithmetic in park metres. */
import type { Box, CutPlane, Vec3 } from '../../types'

export const dot = (a: Readonly<Vec3>, b: Readonly<Vec3>): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

const at = (a: Vec3, b: Vec3, t: number): Vec3 => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]

function faces([x0, y0, z0, x1, y1, z1]: Box): Vec3[][] {
  const p = (x: number, y: number, z: number): Vec3 => [x, y, z]
  return [
    [p(x0, y0, z0), p(x1, y0, z0), p(x1, y1, z0), p(x0, y1, z0)],
    [p(x0, y0, z1), p(x1, y0, z1), p(x1, y1, z1), p(x0, y1, z1)],
    [p(x0, y0, z0), p(x1, y0, z0), p(x1, y0, z1), p(x0, y0, z1)],
    [p(x0, y1, z0), p(x1, y1, z0), p(x1, y1, z1), p(x0, y1, z1)],
  ]
}

/** The polygon in which a plane meets a box, corners in turn; empty where it passes by. */
export function planeInBox({ normal, distance }: CutPlane, box: Box): Vec3[] {
  const points: Vec3[] = []
  const take = (point: Vec3): void => {
    if (!points.some((q) => Math.hypot(q[0] - point[0], q[1] - point[1], q[2] - point[2]) < 1e-6)) points.push(point)
  }
  // The twelve edges: those of bottom and top, and the uprights of two sides.
  for (const face of faces(box))
    face.forEach((a, i) => {
      const b = face[(i + 1) % 4] as Vec3
      const [da, db] = [dot(normal, a) - distance, dot(normal, b) - distance]
      if (da * db < 0) take(at(a, b, da / (da - db)))
      else if (da === 0) take(a)
    })
  if (points.length < 3) return []
  const middle = centre(points)
  const [u, v] = basis(normal)
  const angle = (p: Vec3): number => {
    const r: Vec3 = [p[0] - middle[0], p[1] - middle[1], p[2] - middle[2]]
    return Math.atan2(dot(r, v), dot(r, u))
  }
  return points.sort((a, b) => angle(a) - angle(b))
}

export function centre(points: readonly Vec3[]): Vec3 {
  const n = Math.max(1, points.length)
  return [0, 1, 2].map((i) => points.reduce((sum, p) => sum + (p[i] as number), 0) / n) as Vec3
}

/** Two unit vectors across a normal. */
export function basis(normal: Readonly<Vec3>): [Vec3, Vec3] {
  const help: Vec3 = Math.abs(normal[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0]
  const cross = (a: Readonly<Vec3>, b: Readonly<Vec3>): Vec3 => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
  const u = cross(help, normal)
  const length = Math.hypot(...u)
  const unit: Vec3 = [u[0] / length, u[1] / length, u[2] / length]
  return [unit, cross(normal, unit)]
}

/** Metres along `axis` from `start` of the point that is nearest to the ray; null where they run side by side. Both directions unit. */
export function alongAxis(start: Readonly<Vec3>, axis: Readonly<Vec3>, origin: Readonly<Vec3>, direction: Readonly<Vec3>): number | null {
  const b = dot(axis, direction)
  const denominator = 1 - b * b
  if (denominator < 1e-4) return null
  const w: Vec3 = [start[0] - origin[0], start[1] - origin[1], start[2] - origin[2]]
  return (b * dot(direction, w) - dot(axis, w)) / denominator
}
