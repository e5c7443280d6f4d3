import { Box3, InstancedMesh, Matrix4, Ray, Vector3 } from 'three'
import type { BufferGeometry, Vector4 } from 'three'
import { MeshBVH } from 'three-mesh-bvh'
import { inPit, isCut, rayBox, rayTriangle } from './ray-geometry'
import type { TileMesh } from './tile-content'

/** What a ray met first, in three.js axes. */
export interface RayHit {
  state: number
  distance: number
  point: Vector3
  mesh: TileMesh
  /** From the mesh's own axes to the world's, instance and lift included. */
  matrix: Matrix4
  /** Corners of the triangle. */
  triangle: [Vector3, Vector3, Vector3]
}

export interface RayFilter {
  /** Only objects drawn solid in this pane can be met; `volume` marks spaces and zones. */
  solid: (state: number, volume: boolean, mesh: TileMesh) => boolean
  /** Section planes; ground is not cut. */
  cuts: readonly Vector4[]
  /** Metres that an object is lifted in an exploded view; sections cut where it stood before. */
  lift?: ((state: number) => number) | undefined
  /** Where the ground is cut open: min x, min z, max x, max z. */
  pit?: Vector4
  /** Meet the backs of faces too. */
  backs?: boolean
  /** Metres; nothing behind is looked for. */
  far?: number
}

const trees = new WeakMap<BufferGeometry, MeshBVH>()
const inverse = new Matrix4()
const world = new Matrix4()
const local = new Ray()
const point = new Vector3()
const facing = { facing: 0 }
const instanceBox = new Box3()
const identity = new Matrix4()
const lifted = new Ray()

/** The tree of a geometry, built when a ray first comes near it. It never reorders the geometry itself. */
export function treeOf(geometry: BufferGeometry): MeshBVH {
  let tree = trees.get(geometry)
  if (!tree) trees.set(geometry, (tree = new MeshBVH(geometry, { indirect: true })))
  return tree
}

/**
 * The first object that the ray meets and that is drawn there: hidden objects, ghosts, things of other panes and what a section
 * cuts away are passed through; a cut body is met at the fill of its cut.
 */
export function castRay(ray: Ray, meshes: Iterable<TileMesh>, filter: RayFilter): RayHit | null {
  let best = filter.far ?? Infinity
  let hit: RayHit | null = null
  for (const [tileMesh, lift, part] of byLift(meshes, filter)) {
    const { mesh } = tileMesh
    // Rather than the objects up, the ray goes down.
    lifted.origin.copy(ray.origin).y -= lift
    lifted.direction.copy(ray.direction)
    const geometry = mesh.geometry
    if (!geometry.boundingBox) geometry.computeBoundingBox()
    const bounds = geometry.boundingBox as Box3
    const instances = mesh instanceof InstancedMesh ? mesh.count : 1
    for (let instance = 0; instance < instances; instance++) {
      world.copy(mesh.matrixWorld)
      if (mesh instanceof InstancedMesh) {
        mesh.getMatrixAt(instance, identity)
        world.multiply(identity)
      }
      instanceBox.copy(bounds).applyMatrix4(world)
      if (rayBox(lifted.origin, lifted.direction, instanceBox) >= best) continue
      const found = castMesh(lifted, tileMesh, instance, world, best, part)
      if (found) {
        hit = found
        best = found.distance
        for (const at of [found.point, ...found.triangle]) at.y += lift
        found.matrix.elements[13] += lift
      }
    }
  }
  return hit
}

/** Every mesh once for each height that its objects are lifted to, with the filter for those. */
function* byLift(meshes: Iterable<TileMesh>, filter: RayFilter): Generator<[TileMesh, number, RayFilter]> {
  const { lift, solid } = filter
  for (const mesh of meshes) {
    if (!lift || mesh.ground) yield [mesh, 0, filter]
    else for (const height of new Set([...mesh.states].map(lift))) yield [mesh, height, { ...filter, solid: (state, volume, of) => lift(state) === height && solid(state, volume, of) }]
  }
}

function castMesh(ray: Ray, tileMesh: TileMesh, instance: number, matrix: Matrix4, far: number, filter: RayFilter): RayHit | null {
  const { mesh, ground } = tileMesh
  const geometry = mesh.geometry
  const stateIndex = geometry.attributes.stateIndex
  if (!stateIndex) return null
  inverse.copy(matrix).invert()
  local.origin.copy(ray.origin).applyMatrix4(inverse)
  // Not made unit length, so that t counts in metres of the world.
  local.direction.copy(ray.direction).applyMatrix4(inverse).sub(point.setFromMatrixPosition(inverse))

  const perInstance = 'isInstancedBufferAttribute' in stateIndex
  const index = geometry.index
  const backFaces = filter.backs === true || (filter.cuts.length > 0 && !ground)
  const twoSided = Boolean((mesh.material as { userData?: { twoSided?: boolean } }).userData?.twoSided)
  const mirrored = matrix.determinant() < 0
  let best = far
  let hit: RayHit | null = null

  treeOf(geometry).shapecast({
    boundsTraverseOrder: (box) => rayBox(local.origin, local.direction, box),
    intersectsBounds: (_box, _leaf, score) => (score ?? Infinity) < best,
    intersectsTriangle: (triangle, triangleIndex) => {
      const t = rayTriangle(local.origin, local.direction, triangle.a, triangle.b, triangle.c, facing)
      if (t >= best) return false
      const front = facing.facing > 0 !== mirrored
      if (!front && !twoSided && !backFaces) return false
      const vertex = index ? index.getX(triangleIndex * 3) : triangleIndex * 3
      const signed = stateIndex.getX(perInstance ? instance : vertex)
      const state = signed < 0 ? -signed - 1 : signed
      if (!filter.solid(state, signed < 0, tileMesh)) return false
      point.copy(ray.direction).multiplyScalar(t).add(ray.origin)
      if (ground ? inPit(point, filter.pit) : isCut(point, filter.cuts)) return false
      best = t
      hit = {
        state,
        distance: t,
        point: point.clone(),
        mesh: tileMesh,
        matrix: matrix.clone(),
        triangle: [
          triangle.a.clone().applyMatrix4(matrix),
          triangle.b.clone().applyMatrix4(matrix),
          triangle.c.clone().applyMatrix4(matrix),
        ],
      }
      return false
    },
  })
  return hit
}
