import { Vector2, Vector3 } from 'three'
import type { Camera } from 'three'

export type SnapKind = 'vertex' | 'edge' | 'face'

const screen = new Vector3()

function toScreen(point: Vector3, camera: Camera, width: number, height: number, out: Vector2): Vector2 {
  screen.copy(point).project(camera)
  return out.set((screen.x * 0.5 + 0.5) * width, (0.5 - screen.y * 0.5) * height)
}

/**
 * Move a hit to the nearest corner of its triangle within `reach` pixels, else to the nearest edge, else leave it.
 * Width and height are those of the pane in CSS pixels.
 */
export function snap(
  hit: { point: Vector3; triangle: readonly [Vector3, Vector3, Vector3] },
  camera: Camera,
  width: number,
  height: number,
  reach = 12,
): { point: Vector3; kind: SnapKind } {
  const at = toScreen(hit.point, camera, width, height, new Vector2())
  const corners = hit.triangle.map((corner) => toScreen(corner, camera, width, height, new Vector2()))
  let best = reach
  let point: Vector3 | null = null
  corners.forEach((corner, i) => {
    const d = corner.distanceTo(at)
    if (d < best) {
      best = d
      point = (hit.triangle[i] as Vector3).clone()
    }
  })
  if (point) return { point, kind: 'vertex' }
  best = reach * 0.7
  for (let i = 0; i < 3; i++) {
    const a = hit.triangle[i] as Vector3
    const b = hit.triangle[(i + 1) % 3] as Vector3
    const along = new Vector3().subVectors(b, a)
    const t = Math.min(1, Math.max(0, new Vector3().subVectors(hit.point, a).dot(along) / Math.max(1e-12, along.lengthSq())))
    const candidate = along.multiplyScalar(t).add(a)
    const d = toScreen(candidate, camera, width, height, new Vector2()).distanceTo(at)
    if (d < best) {
      best = d
      point = candidate
    }
  }
  return point ? { point, kind: 'edge' } : { point: hit.point.clone(), kind: 'face' }
}
