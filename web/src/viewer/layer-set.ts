import type { LRUCache, PriorityQueue } from '3d-tiles-renderer/core'
import { Matrix4 } from 'three'
import type { PerspectiveCamera, Scene, Vector3 } from 'three'
import { globeToThree } from './axes'
import { LateDecoder } from './late-decoder'
import { PromptQueue } from './prompt-queue'
import type { MaterialLibrary } from './materials'
import type { Quality } from './quality'
import { Strain } from './strain'
import { TileLayer } from './tile-layer'
import type { TileMesh } from './tile-content'
import type { Pane, SceneLayer, SceneManifest } from './types'

export interface LayerSetOptions {
  scene: Scene
  camera: PerspectiveCamera
  library: MaterialLibrary
  quality: Quality
  headers: Record<string, string>
  onChange: (shadow: boolean) => void
  onTileset: () => void
  /** Whether nothing is drawn yet, so that the next frame need not be waited for. */
  hurried: () => boolean
  onError: (error: { code: string; message: string; url: string }) => void
}

/** The layers of a scene: loading, replacing on a new revision, showing, what is still to come. */
export class LayerSet {
  private readonly layers = new Map<string, TileLayer>()
  private readonly shown = new Map<string, boolean>()
  private manifest: SceneManifest | null = null
  private culling = true
  /** Grows when layers come or go. */
  revision = 0
  private readonly decoder = new LateDecoder()
  private parsing: PriorityQueue | null = null

  constructor(private readonly options: LayerSetOptions) {}

  /** Rejects where tiles cannot be decoded. */
  get decoding(): Promise<void> {
    return this.decoder.ready
  }

  /** Take a manifest: layers of the same version stay, others go, new ones begin to load. */
  load(manifest: SceneManifest): void {
    const sameGlobe = String(this.manifest?.park.globe) === String(manifest.park.globe)
    const sameSize = this.manifest?.states === manifest.states
    this.manifest = manifest
    const matrix = globeToThree(manifest.park.globe)
    for (const [name, layer] of this.layers) {
      const next = manifest.layers.find((l) => l.layer === name)
      const same = next && sameGlobe && sameSize && next.tileset === layer.layer.tileset && next.base === layer.layer.base && next.group === layer.layer.group
      if (same) continue
      layer.dispose()
      this.layers.delete(name)
    }
    for (const layer of manifest.layers) {
      if (!this.layers.has(layer.layer)) this.layers.set(layer.layer, this.open(layer, matrix))
    }
    this.revision++
    this.applyVisibility(null)
    this.options.onChange(true)
  }

  get all(): readonly SceneLayer[] {
    return this.manifest?.layers ?? []
  }

  get current(): SceneManifest | null {
    return this.manifest
  }

  setVisible(layer: string, visible: boolean): void {
    this.shown.set(layer, visible)
  }

  isVisible(layer: SceneLayer): boolean {
    return this.shown.get(layer.layer) ?? layer.visible
  }

  /** Whether a layer is drawn in a pane: layers that belong to a scheme only where the pane names them. */
  inPane(layer: SceneLayer, pane: Pane | null): boolean {
    if (!pane) return this.isVisible(layer)
    return layer.scheme === null && !pane.layers.has(layer.layer) ? this.isVisible(layer) : pane.layers.has(layer.layer)
  }

  /** Show the layers of one pane; with `panes`, those of any of them (to choose tiles). */
  applyVisibility(pane: Pane | null, panes?: readonly Pane[]): void {
    for (const layer of this.layers.values())
      layer.visible = panes ? panes.some((p) => this.inPane(layer.layer, p)) : this.inPane(layer.layer, pane)
  }

  /** Forget failures, so that the next update asks again. */
  retry(): void {
    for (const layer of this.layers.values()) layer.retry()
  }

  update(width: number, height: number): void {
    this.feelMemory()
    for (const layer of this.layers.values()) layer.update(width, height)
  }

  /** A picture was drawn; returns whether tiles are due that waited for it. */
  drawn(): boolean {
    let due = false
    for (const layer of this.layers.values()) due = layer.drawn() || due
    return due
  }

  /** The last picture is there to be seen. */
  seen(): void {
    for (const layer of this.layers.values()) layer.seen()
  }

  /** Edge lines are drawn within `reach` metres of `eye` alone, three.js axes. */
  showLines(eye: Vector3, reach: number): void {
    for (const layer of this.layers.values()) if (layer.visible) layer.showLines(eye, reach)
  }

  /** Draw far views of a layer only while nothing of it is `opened`; returns whether other tiles are due. */
  setOpened(opened: (layer: SceneLayer) => boolean): boolean {
    let changed = false
    for (const layer of this.layers.values()) changed = layer.setFarViews(!opened(layer.layer)) || changed
    return changed
  }

  /** Whether meshes off the picture may be left out: not while an exploded view moves them. */
  setCulling(on: boolean): void {
    if (on === this.culling) return
    this.culling = on
    for (const layer of this.layers.values()) layer.setCulling(on)
  }

  /** Meshes drawn in a pane, for rays and outlines. */
  *meshes(pane: Pane | null): Generator<TileMesh> {
    for (const layer of this.layers.values()) if (this.inPane(layer.layer, pane)) yield* layer.meshes()
  }

  get pending(): number {
    // Tiles left out while the camera moved are still to come.
    let pending = this.strain.moving ? 1 : 0
    for (const layer of this.layers.values()) pending += layer.pending
    return pending
  }

  /** Files with names still to come. */
  get naming(): number {
    let naming = 0
    for (const layer of this.layers.values()) naming += layer.naming
    return naming
  }

  /** Tiles that the picture needs and that find no room in the cache. */
  get refused(): number {
    let refused = 0
    for (const layer of this.layers.values()) refused += layer.refused
    return refused
  }

  get requested(): number {
    let requested = 0
    for (const layer of this.layers.values()) requested += layer.requested
    return requested
  }

  get tileCount(): number {
    let count = 0
    for (const layer of this.layers.values()) count += layer.tileCount
    return count
  }

  dispose(): void {
    for (const layer of this.layers.values()) layer.dispose()
    this.layers.clear()
  }

  readonly strain = new Strain()
  private readonly seenFrom = new Matrix4()

  /** Called once a frame: whether the camera moved since the last one, and how long that took. */
  feelMotion(now: number): void {
    const { matrixWorld } = this.options.camera
    if (this.seenFrom.equals(matrixWorld)) return this.strain.stand(now)
    this.seenFrom.copy(matrixWorld)
    this.strain.move(now)
  }

  /** Bytes that tiles take, and may take. All layers share one cache. */
  get cache(): { cachedBytes: number; cacheBytes: number } {
    const cacheBytes = this.options.quality.cacheMegabytes * 1e6
    const first = this.layers.values().next().value
    return { cachedBytes: (first?.tiles.lruCache as unknown as { cachedBytes: number } | undefined)?.cachedBytes ?? 0, cacheBytes }
  }

  /** Choose coarser tiles while the camera moves and frames are late, or memory is short. */
  private feelMemory(): void {
    const { quality } = this.options
    if (this.layers.size === 0) return
    const { cachedBytes, cacheBytes } = this.cache
    this.strain.fill(cachedBytes / cacheBytes)
    for (const layer of this.layers.values()) layer.tiles.errorTarget = quality.errorTarget * this.strain.factor
  }

  private open(layer: SceneLayer, matrix: Matrix4): TileLayer {
    const { scene, camera, library, quality, headers, onChange, onTileset, onError } = this.options
    const opened = new TileLayer({
      layer,
      matrix,
      camera,
      library,
      decoder: this.decoder,
      headers,
      anonymous: this.manifest?.states ?? 0,
      errorTarget: quality.errorTarget,
      shadows: quality.shadow > 0,
      onChange,
      onTileset,
      onError,
    })
    const cache = opened.tiles.lruCache as LRUCache & { minBytesSize: number; maxBytesSize: number }
    // One queue for all layers, like the cache.
    opened.tiles.parseQueue = this.parsing ??= new PromptQueue(opened.tiles.parseQueue, this.options.hurried)
    cache.minBytesSize = quality.cacheMegabytes * 0.75e6
    cache.maxBytesSize = quality.cacheMegabytes * 1e6
    if (!this.culling) opened.setCulling(false)
    scene.add(opened.tiles.group)
    opened.tiles.group.updateMatrixWorld(true)
    return opened
  }
}
