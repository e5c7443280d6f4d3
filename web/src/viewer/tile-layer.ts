import { TilesRenderer } from '3d-tiles-renderer'
import { GLTFExtensionsPlugin } from '3d-tiles-renderer/plugins'
import type { MeshoptDecoder } from 'meshoptimizer/decoder'
import { Sphere } from 'three'
import type { Camera, Matrix4, Object3D, Vector3 } from 'three'
import { CoarseFirst } from './coarse-first'
import type { LateDecoder } from './late-decoder'
import { LateNames } from './late-names'
import { prepareTile } from './tile-content'
import type { TileContent, TileMesh } from './tile-content'
import type { MaterialLibrary } from './materials'
import type { SceneLayer } from './types'

const sphere = new Sphere()

export interface TileLayerOptions {
  layer: SceneLayer
  /** From geocentric coordinates to three.js axes. */
  matrix: Matrix4
  camera: Camera
  library: MaterialLibrary
  decoder: LateDecoder
  headers: Record<string, string>
  /** State index of faces without an id. */
  anonymous: number
  errorTarget: number
  shadows: boolean
  /** Something to draw or to load changed; `shadow` says that casters changed too. */
  onChange: (shadow: boolean) => void
  /** The tileset is there, and with it what can be asked for. */
  onTileset: () => void
  onError: (error: { code: string; message: string; url: string }) => void
}

/** What the tileset says of a tile, as far as far views are concerned. */
interface Told {
  refine?: string
  geometricError: number
  children?: Told[]
}

/** An error that is too large at any distance. */
const ALWAYS_TOO_COARSE = 1e9

/** Tiles that are loaded whatever the distance while one looks inside: those of a large building. */
const MOST_TILES = 24

interface Stats {
  queued: number
  downloading: number
  parsing: number
  inCacheSinceLoad: number
  /** Tiles that the full cache took not in at the last update. */
  refused: number
}

/** One layer of the scene: its tileset, streamed, drawn by state. Cache and queues are shared by all layers. */
export class TileLayer {
  readonly layer: SceneLayer
  readonly tiles: TilesRenderer
  private readonly failed = new Set<unknown>()
  private readonly contents = new Map<Object3D, TileContent>()
  private rootSettled = false
  private culling = true
  private farViews = true
  private readonly coarse: CoarseFirst
  private readonly names: LateNames<Object3D>
  /** Errors of the stand-ins, and of what comes with them, as the tileset tells them. */
  private readonly standIns = new Map<Told, number>()

  constructor(private readonly options: TileLayerOptions) {
    this.layer = options.layer
    const tiles = (this.tiles = new TilesRenderer(options.layer.tileset))
    this.coarse = new CoarseFirst(tiles)
    this.names = new LateNames(options.headers, (message, url) => options.onError({ code: 'tile', message: `${this.layer.layer}: ${message}`, url }))
    // The loader calls no other method of it.
    const meshoptDecoder = options.decoder as unknown as typeof MeshoptDecoder
    tiles.registerPlugin(new GLTFExtensionsPlugin({ meshoptDecoder, metadata: true, rtc: false }))
    tiles.fetchOptions = { headers: options.headers, credentials: 'same-origin' }
    tiles.errorTarget = options.errorTarget
    // Loaded tiles outside the picture stay in the scene, because they cast shadows into it; three.js culls them.
    tiles.displayActiveTiles = true
    tiles.autoDisableRendererCulling = false
    tiles.group.matrixAutoUpdate = false
    tiles.group.matrix.copy(options.matrix)
    tiles.group.matrixWorldNeedsUpdate = true
    tiles.setCamera(options.camera)
    tiles.addEventListener('needs-update', () => options.onChange(false))
    tiles.addEventListener('load-root-tileset', () => {
      this.rootSettled = true
      this.applyFarViews()
      this.coarse.begin(this.farViews || this.standIns.size === 0)
      options.onTileset()
    })
    tiles.addEventListener('load-model', ({ scene, url }) => this.prepare(scene, String(url)))
    tiles.addEventListener('dispose-model', ({ scene }) => this.release(scene))
    tiles.addEventListener('tile-visibility-change', () => options.onChange(true))
    tiles.addEventListener('load-error', ({ tile, error, url }) => {
      if (tile) this.failed.add(tile)
      if (!tile) this.rootSettled = true
      else if (tile === tiles.root) this.coarse.end()
      options.onError({ code: tile ? 'tile' : 'tileset', message: `${this.layer.layer}: ${error.message}`, url: String(url) })
      options.onChange(false)
    })
  }

  get visible(): boolean {
    return this.tiles.group.visible
  }

  set visible(visible: boolean) {
    this.tiles.group.visible = visible
  }

  /** Tiles still to come, the root tileset included. A hidden layer loads nothing. */
  get pending(): number {
    if (!this.visible) return 0
    const stats = this.stats
    // A coarse tile that finds no room does not come: waiting for it would never end.
    const held = this.coarse.holding && stats.refused === 0 ? 1 : 0
    const expanding = (this.tiles.processNodeQueue as unknown as { running: boolean }).running ? 1 : 0
    return (this.rootSettled ? 0 : 1) + held + stats.queued + stats.downloading + stats.parsing + expanding
  }

  /** Tiles that the picture needs and that find no room. */
  get refused(): number {
    return this.visible ? this.stats.refused : 0
  }

  /** Files with names still to come. A hidden layer loads none. */
  get naming(): number {
    return this.visible ? this.names.pending : 0
  }

  /** The last picture is there to be seen. */
  seen(): void {
    if (this.visible) this.names.ask()
  }

  /** Tiles asked for since the layer was last complete. */
  get requested(): number {
    return this.stats.inCacheSinceLoad
  }

  /** Forget failures, the root tileset's included. */
  retry(): void {
    // The library keeps a failed tile in its cache and asks for none that is there.
    for (const tile of this.failed) this.tiles.lruCache.remove(tile)
    this.failed.clear()
    this.tiles.resetFailedTiles()
    this.names.retry()
    if (!this.tiles.root) this.rootSettled = false
  }

  /** Choose tiles for the camera, ask for missing ones. */
  update(width: number, height: number): void {
    if (!this.visible) return
    this.tiles.setResolution(this.options.camera, width, height)
    this.tiles.update()
    // The library begins downloads with the next frame; nothing is gained by waiting for it.
    for (const queue of this.tiles.downloadQueue.originQueues.values()) queue.tryRunJobs()
  }

  /** A picture was drawn, with the tiles that were there; whether more are due now. */
  drawn(): boolean {
    if (!this.visible) return false
    this.names.drawn()
    return this.coarse.drawn()
  }

  /** Meshes of the tiles that stand in the picture now. */
  *meshes(): Generator<TileMesh> {
    for (const tile of this.tiles.activeTiles) {
      const scene = (tile as { engineData?: { scene?: Object3D | null } }).engineData?.scene
      const content = scene && this.contents.get(scene)
      if (content) yield* content.meshes
    }
  }

  /** Draw the edge lines of what lies within `reach` metres of `eye` (three.js axes); further away they have faded to nothing. */
  showLines(eye: Vector3, reach: number): void {
    for (const { lines } of this.contents.values())
      for (const one of lines) {
        if (!one.geometry.boundingSphere) one.geometry.computeBoundingSphere()
        sphere.copy(one.geometry.boundingSphere as Sphere).applyMatrix4(one.matrixWorld)
        one.visible = sphere.distanceToPoint(eye) < reach
      }
  }

  /** Whether three.js may leave out meshes whose bounds are off the picture. */
  setCulling(on: boolean): void {
    this.culling = on
    for (const scene of this.contents.keys()) scene.traverse((object) => (object.frustumCulled = on))
  }

  /**
   * Whether hollow stand-ins may be drawn for what is far away: not while something is taken away, so that one looks inside.
   * Returns whether that is new.
   */
  setFarViews(on: boolean): boolean {
    if (on === this.farViews) return false
    this.farViews = on
    this.applyFarViews()
    if (!on && this.standIns.size > 0) this.coarse.end()
    return this.standIns.size > 0
  }

  get tileCount(): number {
    return this.contents.size
  }

  dispose(): void {
    this.tiles.dispose()
    for (const scene of [...this.contents.keys()]) this.release(scene)
  }

  private applyFarViews(): void {
    const root = this.tiles.root as unknown as Told | null
    if (root && this.standIns.size === 0) collectStandIns(root, this.standIns)
    for (const [tile, error] of this.standIns) tile.geometricError = this.farViews ? error : ALWAYS_TOO_COARSE
  }

  private get stats(): Stats {
    return (this.tiles as unknown as { stats: Stats }).stats
  }

  private prepare(scene: Object3D, url: string): void {
    const { layer, anonymous, library, shadows, onChange } = this.options
    const content = prepareTile(scene, layer, anonymous, library, shadows)
    this.contents.set(scene, content)
    if (content.names) this.names.add(scene, new URL(content.names, new URL(url, location.href)).href, content.tables)
    if (!this.culling) this.setCulling(false)
    onChange(true)
  }

  private release(scene: Object3D): void {
    for (const material of this.contents.get(scene)?.owned ?? []) this.options.library.release(material)
    this.contents.delete(scene)
    this.names.drop(scene)
  }
}

/**
 * Tiles that stand for finer ones as a whole: those of replacement refinement whose only child adds to itself. Where that child has few
 * tiles, those below it as well: without its stand-in a building is drawn whole, not only its largest objects.
 */
function collectStandIns(tile: Told, found: Map<Told, number>): void {
  const [only, ...others] = tile.children ?? []
  if (tile.refine === 'REPLACE' && only?.refine === 'ADD' && others.length === 0) {
    const below = [...parts(only)]
    for (const one of below.length <= MOST_TILES ? [tile, ...below] : [tile]) if (one.children?.length) found.set(one, one.geometricError)
  }
  for (const child of tile.children ?? []) collectStandIns(child, found)
}

function* parts(tile: Told): Generator<Told> {
  yield tile
  for (const child of tile.children ?? []) yield* parts(child)
}
