import { Ray, Triangle, Vector3 } from 'three'
import type { Camera } from 'three'
import type { PaneView } from '../../pane-set'
import type { RayHit } from '../../picker'
import { treeOf } from '../../picker'
import { isCut } from '../../ray-geometry'
import type { Sight } from '../../sight'

export type SnapKind = 'vertex' | 'edge' | 'face'
export interface Snapped {
  point: Vector3
  kind: SnapKind
}
export type Corners = readonly [Vector3, Vector3, Vector3]

/** Two faces of one plane: the edge between them is the mesh's, not the object's. */
const FLAT = Math.cos((1.5 * Math.PI) / 180)
const MAX_FACES = 600
const projected = new Vector3()

/** Edges of the object itself in a patch of triangles: those without a neighbour in the same plane. */
export function featureEdges(triangles: readonly Corners[]): [Vector3, Vector3][] {
  const edges = new Map<string, { ends: [Vector3, Vector3]; normals: Vector3[] }>()
  const key = (v: Vector3) => `${Math.round(v.x * 2000)},${Math.round(v.y * 2000)},${Math.round(v.z * 2000)}`
  for (const corners of triangles) {
    const normal = Triangle.getNormal(...(corners as [Vector3, Vector3, Vector3]), new Vector3())
    for (let i = 0; i < 3; i++) {
      const ends: [Vector3, Vector3] = [corners[i] as Vector3, corners[(i + 1) % 3] as Vector3]
      const [a, b] = ends.map(key).sort()
      const name = `${a}|${b}`
      const known = edges.get(name)
      if (known) known.normals.push(normal)
      else edges.set(name, { ends, normals: [normal] })
    }
  }
  return [...edges.values()]
    .filter(({ normals }) => !normals.some((n, i) => normals.some((m, j) => j > i && Math.abs(n.dot(m)) > FLAT)))
    .map(({ ends }) => ends)
}

/**
 * Move a point to the nearest corner within `reach` pixels that is `seen`, else to the nearest edge, else leave it. Width and height are
 * those of the pane in CSS pixels; `metres` is how far in space the corner or edge may be.
 */
export function snapTo(
  point: Vector3,
  edges: readonly (readonly [Vector3, Vector3])[],
  camera: Camera,
  width: number,
  height: number,
  metres: number,
  reach = 12,
  seen: (candidate: Vector3) => boolean = () => true,
): Snapped {
  const screen = (v: Vector3): [number, number] => {
    projected.copy(v).project(camera)
    return [(projected.x * 0.5 + 0.5) * width, (0.5 - projected.y * 0.5) * height]
  }
  const at = screen(point)
  const away = (v: Vector3): number => {
    if (v.distanceTo(point) > metres) return Infinity
    const [x, y] = screen(v)
    return Math.hypot(x - at[0], y - at[1])
  }
  // Whether something is seen costs a ray: nearest first.
  const nearest = (candidates: Iterable<Vector3>, within: number): Vector3 | undefined =>
    Array.from(candidates, (candidate) => ({ candidate, pixels: away(candidate) }))
      .filter(({ pixels }) => pixels < within)
      .sort((a, b) => a.pixels - b.pixels)
      .find(({ candidate }) => seen(candidate))?.candidate
  const corner = nearest(edges.flat(), reach)
  if (corner) return { point: corner.clone(), kind: 'vertex' }
  const along = new Vector3()
  const feet = edges.map(([a, b]) => {
    along.subVectors(b, a)
    const t = Math.min(1, Math.max(0, new Vector3().subVectors(point, a).dot(along) / Math.max(1e-12, along.lengthSq())))
    return along.clone().multiplyScalar(t).add(a)
  })
  const foot = nearest(feet, reach * 0.7)
  return foot ? { point: foot, kind: 'edge' } : { point: point.clone(), kind: 'face' }
}

/** Triangles of the hit's mesh within `metres` of the point, world axes; what a section cut away is left out. */
function around(hit: RayHit, metres: number, sight: Sight, accept: (state: number) => boolean): Corners[] {
  const { geometry } = hit.mesh.mesh
  const { stateIndex } = geometry.attributes
  if (!stateIndex) return []
  const scale = hit.matrix.getMaxScaleOnAxis()
  const centre = hit.point.clone().applyMatrix4(hit.matrix.clone().invert())
  const reach = metres / scale
  const near = new Vector3()
  const out: Corners[] = []
  const perInstance = 'isInstancedBufferAttribute' in stateIndex
  treeOf(geometry).shapecast({
    intersectsBounds: (box) => box.distanceToPoint(centre) <= reach,
    intersectsTriangle: (triangle, i) => {
      const signed = perInstance ? hit.state : stateIndex.getX(geometry.index ? geometry.index.getX(i * 3) : i * 3)
      if (signed < 0 || !accept(signed)) return false
      triangle.closestPointToPoint(centre, near)
      if (near.distanceTo(centre) > reach) return false
      const corners = [triangle.a, triangle.b, triangle.c].map((v) => v.clone().applyMatrix4(hit.matrix)) as [Vector3, Vector3, Vector3]
      if (hit.mesh.ground || !corners.every((corner) => isCut(corner, sight.cuts))) out.push(corners)
      return out.length >= MAX_FACES
    },
  })
  return out
}

/** Snap a hit in a pane to what the object really has there and one sees: its corners and edges, not those of its triangles. */
export function snap(hit: RayHit, sight: Sight, view: PaneView, accept: (state: number) => boolean, reach = 12): Snapped {
  const { camera } = sight
  const [, , width, height] = view.viewport
  const perPixel = (2 * hit.distance * Math.tan((camera.fov * Math.PI) / 360)) / height
  // Twice the reach on the screen: a face seen at a flat angle is longer than it looks.
  const metres = 2 * reach * perPixel
  const edges = featureEdges(around(hit, metres, sight, accept))
  const kept = hit.mesh.ground ? edges : edges.filter((ends) => !ends.some((end) => isCut(end, sight.cuts)))
  const eye = new Vector3().setFromMatrixPosition(camera.matrixWorld)
  const sightline = new Ray()
  // The faces of a corner meet the ray to it as well, some pixels before it where they are seen at a flat angle.
  const slack = 2 * perPixel + 0.002
  const seen = (candidate: Vector3) => {
    sightline.set(eye, sightline.direction.subVectors(candidate, eye).normalize())
    return sight.cast(sightline, candidate.distanceTo(eye) - slack, { view }) === null
  }
  return snapTo(hit.point, kept, camera, width, height, metres, reach, seen)
}
