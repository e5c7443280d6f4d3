import { Ray, Vector3 } from 'three'
import type { PerspectiveCamera, Vector4 } from 'three'
import { toPark, toThree } from './axes'
import type { LayerSet } from './layer-set'
import type { PaneSet, PaneView } from './pane-set'
import { castRay } from './picker'
import type { RayFilter, RayHit } from './picker'
import type { SharedUniforms } from './shared-uniforms'
import { HIDDEN } from './state-flags'
import type { StateStore } from './state-store'
import type { TileMesh } from './tile-content'
import type { Pick, PickOptions, Vec3 } from './types'

const WALK_THROUGH = /Door|Space|Zone|Opening/
/** Objects that a deep look lists at most. */
const MAX_DEEP = 64
const ray = new Ray()
const point = new Vector3()

/** What the stage shows where: rays through its pixels, the objects they meet, and points on the screen. */
export class Sight {
  /** Section planes in force. */
  cuts: readonly Vector4[] = []

  constructor(
    readonly camera: PerspectiveCamera,
    private readonly stage: { readonly width: number; readonly height: number; readonly ratio: number },
    readonly panes: PaneSet,
    private readonly layers: LayerSet,
    private readonly state: StateStore,
    private readonly shared: SharedUniforms,
  ) {}

  /** Point the camera through a pane's viewport. */
  aim(view: PaneView): void {
    const [, , w, h] = view.viewport
    this.camera.aspect = w / Math.max(1, h)
    this.camera.updateProjectionMatrix()
    this.camera.updateMatrixWorld()
  }

  /** The ray through the centre of the device pixel at a point of the stage (CSS pixels), or null between panes. */
  rayAt(x: number, y: number, view = this.panes.at(x, y), out = ray): Ray | null {
    if (!view) return null
    this.aim(view)
    const { ratio } = this.stage
    const [left, top, w, h] = view.viewport
    const px = (Math.floor(x * ratio) + 0.5) / ratio
    const py = (Math.floor(y * ratio) + 0.5) / ratio
    out.origin.setFromMatrixPosition(this.camera.matrixWorld)
    out.direction.set(((px - left) / w) * 2 - 1, 1 - ((py - top) / h) * 2, 0.5).unproject(this.camera).sub(out.origin).normalize()
    return out
  }

  /** What is drawn at a point of the stage, CSS pixels from its left top. */
  hit(x: number, y: number, options: PickOptions = {}): RayHit | null {
    const view = this.panes.at(x, y)
    const through = this.rayAt(x, y, view)
    return through && view ? castRay(through, this.layers.meshes(view.painted?.pane ?? null), this.filter(view, options)) : null
  }

  /** Every object along the ray, nearest first, each once. */
  hits(x: number, y: number, options: PickOptions = {}): RayHit[] {
    const view = this.panes.at(x, y)
    const through = this.rayAt(x, y, view)
    if (!through || !view) return []
    const meshes = [...this.layers.meshes(view.painted?.pane ?? null)]
    const base = this.filter(view, options)
    const seen = new Set<number>()
    const found: RayHit[] = []
    while (found.length < MAX_DEEP) {
      const hit = castRay(through, meshes, { ...base, solid: (state, volume, mesh) => !seen.has(state) && base.solid(state, volume, mesh) })
      if (!hit) break
      seen.add(hit.state)
      found.push(hit)
    }
    return found
  }

  pick(x: number, y: number, options?: PickOptions): Pick | null {
    const hit = this.hit(x, y, options)
    return hit && describe(hit)
  }

  pickAll(x: number, y: number, options?: PickOptions): Pick[] {
    return this.hits(x, y, options).flatMap((hit) => describe(hit) ?? [])
  }

  /** Metres along `probe` to the first thing that stops a body, or Infinity. */
  probe(probe: Ray, far: number): number {
    const hit = castRay(probe, this.layers.meshes(this.panes.painted[0]?.pane ?? null), {
      solid: (state, volume, mesh) => !volume && !(this.state.flags(state) & HIDDEN) && !WALK_THROUGH.test(classOf(mesh, state)),
      cuts: this.cuts,
      lift: this.lift,
      far,
    })
    return hit?.distance ?? Infinity
  }

  /** The first solid thing along any ray of the world, in a pane (the first if none is named); both sides of faces count with `backs`. */
  cast(along: Ray, far: number, options: PickOptions & { backs?: boolean; ground?: boolean; view?: PaneView } = {}): RayHit | null {
    const [first] = this.panes.views as [PaneView, ...PaneView[]]
    const view = options.view ?? first
    const filter = this.filter(view, options)
    const solid: RayFilter['solid'] = options.ground ? (state, volume, mesh) => mesh.ground && filter.solid(state, volume, mesh) : filter.solid
    return castRay(along, this.layers.meshes(view.painted?.pane ?? null), { ...filter, solid, far, ...(options.backs ? { backs: true } : {}) })
  }

  /** Where a park point is on the screen, CSS pixels of the stage; null behind the eye. The camera must be aimed for the view. */
  screen(at: Readonly<Vec3>, view: PaneView): [number, number] | null {
    toThree(at, point).project(this.camera)
    if (point.z > 1 || point.z < -1) return null
    const [left, top, w, h] = view.viewport
    return [left + (point.x * 0.5 + 0.5) * w, top + (0.5 - point.y * 0.5) * h]
  }

  /** Whether an object is drawn solid in a pane. */
  solidIn(view: PaneView, options: PickOptions = {}): RayFilter['solid'] {
    const bit = view.painted?.bit ?? 0
    const solidGround = this.shared.uIsolating.value === 1
    const kept = this.shared.uGroundKeep.value >= 0.5
    return (state, volume, mesh) => {
      if (mesh.ground && !kept && !options.hidden) return false
      if (options.through === 'glass' && mesh.glass) return false
      if (this.state.paneBits(state) & bit && !options.hidden) return false
      if (options.hidden) return !volume
      return this.state.solid(state, volume, solidGround && (mesh.ground || mesh.layer.group === 'neighbour'), options.ghosts)
    }
  }

  private filter(view: PaneView, options: PickOptions): RayFilter {
    return { solid: this.solidIn(view, options), cuts: this.cuts, lift: this.lift, pit: this.shared.uPit.value }
  }

  /** Metres that an exploded view lifts an object; undefined while nothing is lifted. */
  get lift(): RayFilter['lift'] {
    const gap = this.shared.uLevelGap.value
    return gap !== 0 && this.state.levelled ? (state) => this.state.levelOf(state) * gap : undefined
  }
}

function classOf(mesh: TileMesh, state: number): string {
  return mesh.table?.column('class')[mesh.local.get(state) ?? -1] ?? ''
}

/** Name a hit; null where its name is still to come. */
export function describe({ mesh, state, point: at, distance }: RayHit): Pick | null {
  if (mesh.table?.named === false) return null
  const id = mesh.local.get(state) ?? -1
  const text = (name: string) => mesh.table?.column(name)[id] ?? ''
  return { state, gid: text('gid'), name: text('name'), class: text('class'), storey: text('storey'), layer: mesh.layer.layer, point: toPark(at), distance }
}
