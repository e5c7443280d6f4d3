import { BufferAttribute, InstancedBufferAttribute, InstancedMesh, LineSegments, Mesh } from 'three'
import type { BufferGeometry, InterleavedBufferAttribute, Material, MeshStandardMaterial, Object3D } from 'three'
import { FeatureTable } from './feature-table'
import type { TableAccessor } from './feature-table'
import type { MaterialLibrary } from './materials'
import { isGround } from './materials'
import type { SceneLayer } from './types'

/** A mesh of a tile, ready to draw and to pick. */
export interface TileMesh {
  mesh: Mesh
  layer: SceneLayer
  /** Sections do not cut it. */
  ground: boolean
  /** See-through faces: rays may be told to pass them. */
  glass: boolean
  /** State indices in this mesh; volumes (spaces, zones) included. */
  states: ReadonlySet<number>
  /** Local ids by state index, to find the names of a hit. */
  local: ReadonlyMap<number, number>
  table: FeatureTable | null
}

export interface TileContent {
  meshes: TileMesh[]
  /** Baked edge lines. */
  lines: LineSegments[]
  owned: Material[]
  tables: FeatureTable[]
  /** The file beside the tile that holds its objects' names, where its tables do not. */
  names: string | null
}

type Attribute = BufferAttribute | InterleavedBufferAttribute

/** Layer of what the depth pass of ambient occlusion leaves out: lines, glass, sky. Cameras see it too. */
export const NO_DEPTH = 1

const VOLUME = /^(Ifc)?(Space|Zone|SpatialZone|Room)$/
/** Faces and the edges between their corners share vertices, and so they share the states. */
const shared = new WeakMap<Attribute, BufferAttribute>()
/** `GLTFLoader` shares a geometry between nodes: it is rewritten once. */
const done = new WeakMap<BufferGeometry, { states: Set<number>; local: Map<number, number>; volumes: boolean }>()

function featureIds(geometry: BufferGeometry): { name: string; attribute: Attribute } | null {
  for (const [name, attribute] of Object.entries(geometry.attributes))
    if (/^_feature_id_0$/i.test(name)) return { name, attribute }
  return null
}

function tableOf(mesh: Object3D): FeatureTable | null {
  const metadata = mesh.userData.structuralMetadata as { tableAccessors: TableAccessor[] } | undefined
  const features = mesh.userData.meshFeatures as { featureIds?: { propertyTable?: number }[] } | undefined
  const accessor = metadata?.tableAccessors[features?.featureIds?.[0]?.propertyTable ?? 0]
  return accessor ? new FeatureTable(accessor) : null
}

/**
 * Give `geometry` the float attribute `stateIndex` in place of its local feature ids.
 *
 * Feature ids leave the geometry: three.js would upload them as well. Faces without an id, or with one outside the table, get
 * `anonymous`, the texel that is never written.
 */
function writeStates(geometry: BufferGeometry, table: FeatureTable | null, base: number, anonymous: number, instances: number | null) {
  const known = done.get(geometry)
  if (known) return known
  let volumes = false
  const ids = featureIds(geometry)
  const ordinals = table?.ordinals()
  const classes = table?.column('class')
  const states = new Set<number>()
  const local = new Map<number, number>()
  const byLocal = new Float32Array(table?.count ?? 0)
  for (let id = 0; id < byLocal.length; id++) {
    const state = base + (ordinals?.[id] ?? id)
    byLocal[id] = VOLUME.test(classes?.[id] ?? '') ? -state - 1 : state
  }
  const perInstance = instances !== null && (ids === null || 'isInstancedBufferAttribute' in ids.attribute)
  const count = perInstance ? instances : (geometry.attributes.position as Attribute).count
  const values = new Float32Array(count)
  let last = -1
  for (let i = 0; i < count; i++) {
    const id = ids ? ids.attribute.getX(i) : -1
    const signed = byLocal[id] ?? anonymous
    values[i] = signed
    if (id !== last) {
      last = id
      if (signed < 0) volumes = true
      const state = signed < 0 ? -signed - 1 : signed
      states.add(state)
      local.set(state, id)
    }
  }
  const attribute = (ids && shared.get(ids.attribute)) ?? (perInstance ? new InstancedBufferAttribute(values, 1) : new BufferAttribute(values, 1))
  if (ids) {
    shared.set(ids.attribute, attribute)
    geometry.deleteAttribute(ids.name)
  }
  geometry.setAttribute('stateIndex', attribute)
  const written = { states, local, volumes }
  done.set(geometry, written)
  return written
}

/** Turn what the loader made of a tile into meshes that draw by state. */
export function prepareTile(scene: Object3D, layer: SceneLayer, anonymous: number, library: MaterialLibrary, shadows: boolean): TileContent {
  const { names } = scene.userData
  const content: TileContent = { meshes: [], lines: [], owned: [], tables: [], names: typeof names === 'string' ? names : null }
  const tables = new Map<unknown, FeatureTable | null>()
  scene.traverse((object) => {
    if (!(object instanceof Mesh) && !(object instanceof LineSegments)) return
    // Instanced meshes carry no metadata of their own: the tile's table is theirs.
    object.userData.structuralMetadata ??= scene.userData.structuralMetadata
    const metadata: unknown = object.userData.structuralMetadata ?? null
    let table = tables.get(metadata)
    if (table === undefined) {
      tables.set(metadata, (table = tableOf(object)))
      if (table) content.tables.push(table)
    }
    const geometry = object.geometry as BufferGeometry
    const instances = object instanceof InstancedMesh ? object.count : null
    const { states, local, volumes } = writeStates(geometry, table, layer.base, anonymous, instances)
    if (object instanceof LineSegments) {
      object.material = library.edge(layer.group, volumes)
      object.renderOrder = 1
      object.raycast = () => undefined
      object.layers.set(NO_DEPTH)
      content.lines.push(object as LineSegments)
      return
    }
    const source = object.material as MeshStandardMaterial
    const { material, depth, owned } = library.face(source, layer.group, Boolean(geometry.attributes.color), volumes)
    object.material = material
    content.owned.push(...owned)
    if (material.transparent) {
      object.renderOrder = 2
      object.layers.set(NO_DEPTH)
    }
    object.castShadow = shadows && !material.transparent && layer.group !== 'terrain'
    object.receiveShadow = shadows && !material.transparent
    object.customDepthMaterial = depth
    content.meshes.push({ mesh: object as Mesh, layer, ground: isGround(layer.group), glass: material.transparent, states, local, table })
  })
  return content
}
