import { Color, Ray, Vector2, Vector3, type Vector4 } from 'three'
import { toPark, toThree, unionBoxes } from './axes'
import { Emitter } from './emitter'
import { FramePainter } from './frame-painter'
import type { PaintedPane } from './frame-painter'
import { LabelLayer } from './labels/label-layer'
import { LayerSet } from './layer-set'
import { MaterialLibrary } from './materials'
import { Framing } from './navigation/framing'
import { Navigator } from './navigation/navigator'
import { paneAt, paneFrame } from './pane-layout'
import { castRay, type RayHit } from './picker'
import { PointerInput } from './pointer-input'
import { RenderLoop } from './render-loop'
import { sectionPlanes } from './section'
import { createSharedUniforms, MAX_CUTS } from './shared-uniforms'
import { Stage } from './stage'
import { KEPT } from './state-flags'
import { StateStore } from './state-store'
import { StateTexture } from './state-texture'
import { sunAt } from './sun'
import { Surface } from './surface'
import { MeasureTool } from './tools/measure-tool'
import { snap } from './tools/snap'
import type {
  Box, CameraPose, Insets, Label, Look, NavigationMode, Pane, Pick, SceneManifest, StageBackground, Vec3, Viewer, ViewerEvents, ViewerOptions,
} from './types'

const PARK_GROUPS = new Set(['building', 'scheme', 'submission', 'underground'])
const WALK_THROUGH = /Door|Space|Zone|Opening/
const MAX_PANES = 8

const ray = new Ray()
const device = new Vector2()
const focus = new Vector3()

/** The viewer core: puts stage, layers, state, camera and tools together and draws when something changed. */
export class ParkViewer implements Viewer {
  readonly state: StateStore
  private readonly events = new Emitter<ViewerEvents>()
  private readonly shared = createSharedUniforms()
  private readonly surface: Surface
  private readonly library: MaterialLibrary
  private readonly stage: Stage
  private readonly layers: LayerSet
  private readonly navigator: Navigator
  private readonly framing: Framing
  private readonly labels: LabelLayer
  private readonly painter: FramePainter
  private readonly loop: RenderLoop
  private readonly input: PointerInput
  private readonly measureTool = new MeasureTool()
  private texture: StateTexture
  private panes: PaintedPane[] = []
  private cuts: readonly Vector4[] = []
  private selection: readonly number[] = []
  private tool: 'select' | 'measure' = 'select'
  private accent: number
  private origin = { longitude: 0, latitude: 0 }
  private sunDate: Date | null = null
  private dirty = true
  private tilesDirty = true
  private pendingTiles = 0
  private loading = false
  private opening = 0
  private shape = -1
  private frames = 0
  private frameMs = 0
  private textureMs = 0
  private pulseAt = 0
  private lost = false
  private disposed = false
  private waiting: (() => void)[] = []

  constructor(options: ViewerOptions) {
    this.loop = new RenderLoop((seconds) => this.tick(seconds))
    this.surface = new Surface(options.container, options, () => this.resized())
    const { canvas, renderer, quality } = this.surface
    this.state = new StateStore(0, () => this.loop.wake())
    this.texture = new StateTexture(this.state)
    this.library = new MaterialLibrary(this.shared, quality.occlusion)
    this.stage = new Stage(quality, this.shared)
    this.navigator = new Navigator(canvas, (probe, far) => this.probe(probe, far), () => this.loop.wake())
    this.navigator.camera.layers.enable(1)
    this.framing = new Framing(this.navigator, this.surface, options.insets)
    this.layers = new LayerSet({
      scene: this.stage.scene,
      camera: this.navigator.camera,
      library: this.library,
      quality,
      headers: options.headers ?? {},
      onChange: (shadow) => {
        if (shadow) this.stage.invalidateShadow()
        this.invalidateTiles()
      },
      onError: (error) => this.events.emit('error', error),
    })
    this.labels = new LabelLayer(options.container, () => this.invalidate())
    if (options.labelSize) this.labels.setSize(options.labelSize)
    this.painter = new FramePainter(renderer, this.navigator.camera, this.stage, this.layers, this.state, this.labels, this.shared, this.library, quality)
    this.input = new PointerInput(canvas, {
      click: (x, y, event) => this.onClick(x, y, event),
      doubleClick: (x, y) => this.onDoubleClick(x, y),
      hover: (x, y, event) => this.onHover(x, y, event),
      leave: (event) => {
        this.measureTool.hover(null, 'face')
        if (this.events.has('hover')) this.events.emit('hover', { pick: null, event })
        if (this.tool === 'measure') this.invalidate()
      },
      menu: (x, y, event) => this.events.emit('contextmenu', { pick: this.pick(x, y), event }),
      cancel: () => this.measureTool.cancel() && this.invalidate(),
    })
    canvas.addEventListener('webglcontextlost', this.onLost)
    canvas.addEventListener('webglcontextrestored', this.onRestored)
    this.accent = options.accent ?? 0x4da3ff
    this.setAccent(this.accent)
    if (options.background) this.stage.setBackground(options.background)
    this.setLook(options.look ?? 'day')
    this.bindTextures()
    void this.framing.home(0)
  }

  get canvas(): HTMLCanvasElement {
    return this.surface.canvas
  }

  get navigation(): NavigationMode {
    return this.navigator.mode
  }

  get camera(): CameraPose {
    return this.navigator.pose
  }

  async load(manifest: SceneManifest): Promise<void> {
    const first = this.layers.current === null
    if (manifest.states !== this.state.size) {
      this.state.resize(manifest.states)
      this.texture.dispose()
      this.texture = new StateTexture(this.state)
      this.bindTextures()
      this.writePaneMask()
    }
    this.stage.ground.setAnonymous(manifest.states)
    this.origin = manifest.park.origin
    if (this.sunDate) this.setSun(this.sunDate)
    this.measureExtent(manifest)
    this.opening++
    try {
      await this.layers.load(manifest)
      if (this.disposed) return
      this.loading = true
      if (first) await this.home(0)
    } finally {
      this.opening--
    }
    this.invalidateTiles()
  }

  setLayerVisible(layer: string, visible: boolean): void {
    this.layers.setVisible(layer, visible)
    this.stage.invalidateShadow()
    this.invalidateTiles()
  }

  setPanes(panes: readonly Pane[] | null): void {
    if (panes && panes.length > MAX_PANES) throw new Error(`${panes.length} panes were asked for: the stage takes at most ${MAX_PANES}.`)
    this.panes = (panes ?? []).map((pane, i) => ({ pane, bit: pane.hides?.length ? 1 << i : 0 }))
    this.writePaneMask()
    this.stage.invalidateShadow()
    this.invalidateTiles()
  }

  pick(x: number, y: number): Pick | null {
    const hit = this.hit(x, y)
    return hit && this.describe(hit)
  }

  select(states: readonly number[]): void {
    this.state.select(states, this.selection)
    this.selection = [...states]
    this.events.emit('select', { states: this.selection })
    this.invalidate()
  }

  flyTo(box: Box, options: { duration?: number; from?: Vec3 } = {}): Promise<void> {
    if (this.navigation === 'walk') this.setNavigation('orbit')
    return this.framing.flyTo(box, options.from, options.duration)
  }

  home(duration?: number): Promise<void> {
    if (this.navigation === 'walk') this.setNavigation('orbit')
    return this.framing.home(duration)
  }

  setCamera(pose: CameraPose, duration?: number): Promise<void> {
    return this.navigator.go(pose, duration)
  }

  setNavigation(mode: NavigationMode): void {
    if (mode === this.navigation) return
    this.navigator.setMode(mode)
    this.events.emit('navigation', mode)
    this.invalidateTiles()
  }

  setSection(section: { top: number } | { box: Box } | null): void {
    this.cuts = sectionPlanes(section)
    for (let i = 0; i < MAX_CUTS; i++) if (this.cuts[i]) this.shared.uCuts.value[i]?.copy(this.cuts[i] as Vector4)
    this.shared.uCutCount.value = this.cuts.length
    this.library.setSection(this.cuts.length > 0)
    this.stage.invalidateShadow()
    this.invalidate()
  }

  setSun(date: Date): void {
    this.sunDate = date
    this.stage.setSun(sunAt(date, this.origin.latitude, this.origin.longitude))
    this.invalidate()
  }

  setLook(look: Look): void {
    this.stage.setLook(look)
    this.library.setEdgeColour(this.stage.values.edge)
    this.surface.renderer.toneMappingExposure = this.stage.values.exposure
    this.invalidate()
  }

  setBackground(background: StageBackground | null): void {
    this.stage.setBackground(background)
    this.invalidate()
  }

  setAccent(color: number): void {
    this.accent = color
    this.shared.uAccent.value.setHex(color)
    this.painter.outline.setColour(color)
    this.invalidate()
  }

  setLabels(labels: readonly Label[]): void {
    this.labels.set(labels)
  }

  setLabelSize(pixels: number): void {
    this.labels.setSize(pixels)
  }

  setInsets(insets: Insets): void {
    this.framing.setInsets(insets)
  }

  setTool(tool: 'select' | 'measure'): void {
    this.tool = tool
    if (tool === 'select') this.measureTool.hover(null, 'face')
    this.canvas.style.cursor = tool === 'measure' ? 'crosshair' : ''
    this.invalidate()
  }

  clearMeasurements(): void {
    this.measureTool.clear()
    this.invalidate()
  }

  async screenshot(): Promise<Blob> {
    this.draw()
    return this.surface.png()
  }

  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve)
      this.invalidateTiles()
    })
  }

  setPaused(paused: boolean): void {
    this.loop.setPaused(paused)
  }

  retryTiles(): void {
    this.layers.retry()
    this.invalidateTiles()
  }

  invalidate(): void {
    this.dirty = true
    this.loop.wake()
  }

  on<K extends keyof ViewerEvents>(event: K, listener: (payload: ViewerEvents[K]) => void): () => void {
    return this.events.on(event, listener)
  }

  statistics() {
    const { render } = this.surface.renderer.info
    return {
      drawCalls: render.calls,
      triangles: render.triangles,
      tiles: this.layers.tileCount,
      frames: this.frames,
      frameMs: this.frameMs,
      textureMs: this.textureMs,
    }
  }

  dispose(): void {
    if (this.disposed) return
    this.disposed = true
    this.loop.stop()
    this.input.dispose()
    this.navigator.dispose()
    this.layers.dispose()
    this.labels.dispose()
    this.painter.dispose()
    this.library.dispose()
    this.texture.dispose()
    this.stage.dispose()
    this.canvas.removeEventListener('webglcontextlost', this.onLost)
    this.canvas.removeEventListener('webglcontextrestored', this.onRestored)
    this.surface.dispose()
    for (const done of this.waiting.splice(0)) done()
    this.events.clear()
  }

  /** Draw one frame now, whether or not anything changed: for tests and screenshots. */
  renderOnce(): void {
    this.draw()
  }

  private resized(): void {
    this.framing.keep()
    this.invalidateTiles()
  }

  private invalidateTiles(): void {
    this.tilesDirty = true
    this.invalidate()
  }

  private bindTextures(): void {
    this.shared.uState.value = this.texture.texture
    this.shared.uPaneMask.value = this.texture.paneMask
  }

  private writePaneMask(): void {
    const data = this.texture.paneMaskData
    data.fill(0)
    for (const { pane, bit } of this.panes)
      for (const [first, last] of pane.hides ?? [])
        for (let s = Math.max(0, first); s <= Math.min(last, this.state.size - 1); s++) data[s * 4] = (data[s * 4] as number) | bit
    this.texture.paneMask.needsUpdate = true
  }

  private measureExtent(manifest: SceneManifest): void {
    const visible = (test: (group: string) => boolean) => manifest.layers.filter((l) => this.layers.isVisible(l) && test(l.group)).map((l) => l.box)
    const all = manifest.layers.map((l) => l.box)
    const shown = [visible((g) => PARK_GROUPS.has(g) && g !== 'underground'), visible((g) => g !== 'terrain' && g !== 'neighbour'), all].find((found) => found.length > 0)
    if (shown) this.framing.homeBoxes = shown
    const park = unionBoxes(this.framing.homeBoxes) as Box
    const whole = unionBoxes(all) ?? park
    const terrain = unionBoxes(visible((g) => g === 'terrain'))
    const built = unionBoxes(visible((g) => g === 'building' || g === 'base' || g === 'scheme')) ?? whole
    this.stage.setExtent(park, whole, (terrain ?? built)[2] - (terrain ? 0.3 : 0.05))
    this.navigator.setReach(this.stage.extent * 14)
  }

  /** One step; whether another frame is needed at once. */
  private tick(seconds: number): boolean {
    if (this.lost || this.disposed) return false
    const moving = this.navigator.update(seconds)
    if (moving) {
      this.dirty = this.tilesDirty = true
      this.events.emit('camera', this.camera)
    }
    if (this.texture.update()) {
      this.textureMs = this.texture.ms
      this.dirty = true
    }
    if (this.state.shape !== this.shape) {
      this.shape = this.state.shape
      this.stage.invalidateShadow()
      this.shared.uIsolating.value = this.isolationMode()
      this.dirty = true
    }
    if (this.tilesDirty || this.pendingTiles > 0) this.updateTiles()
    this.pulse()
    if (this.dirty) this.draw()
    if (!moving && !this.dirty && !this.tilesDirty && this.pendingTiles === 0 && !this.opening && !this.loading) {
      for (const done of this.waiting.splice(0)) done()
    }
    if (this.pendingTiles > 0) this.loop.later(40)
    return moving || this.dirty || this.tilesDirty
  }

  private updateTiles(): void {
    this.tilesDirty = false
    const { camera } = this.navigator
    const { width, height } = this.surface
    const frames = this.panes.map(({ pane }) => paneFrame(pane, width, height).viewport)
    // Tiles are chosen once for all panes: for the widest picture.
    camera.aspect = Math.max(...(frames.length ? frames : [[0, 0, width, height] as const]).map(([, , w, h]) => w / Math.max(1, h)))
    this.fitDepth()
    camera.updateMatrixWorld()
    this.layers.applyVisibility(null, this.panes.length ? this.panes.map(({ pane }) => pane) : undefined)
    this.layers.update(width * this.surface.ratio, height * this.surface.ratio)
    const pending = this.layers.pending
    if (pending !== this.pendingTiles) {
      const requested = Math.max(pending, this.layers.requested)
      this.events.emit('loading', { pending, progress: pending === 0 ? 1 : 1 - pending / Math.max(1, requested + 1) })
    }
    this.pendingTiles = pending
    if (pending === 0 && this.loading && !this.tilesDirty) {
      this.loading = false
      this.events.emit('ready', undefined)
    }
  }

  private draw(): void {
    if (this.lost || this.disposed) return
    const started = performance.now()
    this.dirty = false
    if (this.texture.update()) this.textureMs = this.texture.ms
    const { renderer, width, height } = this.surface
    const distance = this.navigator.mode === 'walk' ? 30 : this.navigator.distance
    this.fitDepth()
    this.stage.updateFog(distance)
    toThree(this.camera.target, focus)
    this.stage.updateShadow(renderer, focus, distance)
    this.painter.paint(this.panes, width, height)
    this.drawOverlay()
    this.frames++
    this.frameMs = performance.now() - started
  }

  /** Near and far by what is looked at: millimetres of depth at the target. */
  private fitDepth(): void {
    const { camera } = this.navigator
    const distance = this.navigator.mode === 'walk' ? 4 : this.navigator.distance
    camera.near = Math.min(8, Math.max(0.08, distance / 150))
    camera.far = distance + this.stage.extent * 13
    camera.updateProjectionMatrix()
  }

  private drawOverlay(): void {
    if (this.measureTool.empty && !this.overlayUsed) return
    const context = this.surface.clearOverlay()
    this.overlayUsed = !this.measureTool.empty
    if (!this.overlayUsed) return
    const { width, height } = this.surface
    const frames = this.panes.length ? this.panes.map(({ pane }) => paneFrame(pane, width, height)) : [{ scissor: [0, 0, width, height], viewport: [0, 0, width, height] } as const]
    for (const { scissor, viewport } of frames) {
      this.aim(viewport)
      context.save()
      context.beginPath()
      context.rect(...(scissor as [number, number, number, number]))
      context.clip()
      this.measureTool.draw(context, this.navigator.camera, viewport, `#${new Color(this.accent).getHexString()}`)
      context.restore()
    }
  }

  private overlayUsed = false

  private pulse(): void {
    const still = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? false
    if (!this.state.animated || still) {
      this.shared.uPulse.value = this.state.animated ? 1 : 0
      return
    }
    // Twelve pictures a second are enough for a pulse of one a second.
    const now = performance.now()
    if (now - this.pulseAt > 80) {
      this.pulseAt = now
      this.shared.uPulse.value = 0.5 - 0.5 * Math.cos((now / 1000) * 2 * Math.PI)
      this.dirty = true
    }
    this.loop.later(85)
  }

  private isolationMode(): number {
    if (!this.state.isolating) return 0
    for (const layer of this.layers.all) {
      if (layer.group !== 'underground') continue
      for (let s = layer.base; s < layer.base + layer.count; s++) if (this.state.flags(s) & KEPT) return 2
    }
    return 1
  }

  private aim(viewport: readonly [number, number, number, number]): void {
    const { camera } = this.navigator
    camera.aspect = viewport[2] / Math.max(1, viewport[3])
    camera.updateProjectionMatrix()
    camera.updateMatrixWorld()
  }

  private paneUnder(x: number, y: number): PaintedPane | null {
    const { width, height } = this.surface
    const found = paneAt(this.panes.map(({ pane }) => pane), x, y, width, height)
    return this.panes.find(({ pane }) => pane === found) ?? null
  }

  /** What is drawn at a point of the stage, CSS pixels from its left top; the ray goes through the device pixel's centre. */
  private hit(x: number, y: number): RayHit | null {
    const { width, height, ratio } = this.surface
    const painted = this.paneUnder(x, y)
    if (this.panes.length && !painted) return null
    const viewport = painted ? paneFrame(painted.pane, width, height).viewport : ([0, 0, width, height] as const)
    this.aim(viewport)
    const px = (Math.floor(x * ratio) + 0.5) / ratio
    const py = (Math.floor(y * ratio) + 0.5) / ratio
    device.set(((px - viewport[0]) / viewport[2]) * 2 - 1, 1 - ((py - viewport[1]) / viewport[3]) * 2)
    const { camera } = this.navigator
    ray.origin.setFromMatrixPosition(camera.matrixWorld)
    ray.direction.set(device.x, device.y, 0.5).unproject(camera).sub(ray.origin).normalize()
    const mask = this.texture.paneMaskData
    const bit = painted?.bit ?? 0
    const solidGround = this.shared.uIsolating.value === 1
    return castRay(ray, this.layers.meshes(painted?.pane ?? null), {
      solid: (state, volume, mesh) => this.state.solid(state, volume, solidGround && (mesh.ground || mesh.layer.group === 'neighbour')) && ((mask[state * 4] as number) & bit) === 0,
      cuts: this.cuts,
    })
  }

  private probe(probe: Ray, far: number): number {
    const hit = castRay(probe, this.layers.meshes(this.panes[0]?.pane ?? null), {
      solid: (state, volume, mesh) => !volume && !(this.state.flags(state) & 2) && !WALK_THROUGH.test(mesh.table?.column('class')[mesh.local.get(state) ?? -1] ?? ''),
      cuts: this.cuts,
      far,
    })
    return hit?.distance ?? Infinity
  }

  private describe(hit: RayHit): Pick {
    const { mesh, state, point, distance } = hit
    const id = mesh.local.get(state) ?? -1
    const text = (name: string) => mesh.table?.column(name)[id] ?? ''
    return { state, gid: text('gid'), name: text('name'), class: text('class'), storey: text('storey'), layer: mesh.layer.layer, point: toPark(point), distance }
  }

  private onClick(x: number, y: number, event: PointerEvent): void {
    if (this.tool === 'measure') {
      const snapped = this.snapped(x, y)
      const done = snapped && this.measureTool.click(snapped.point, snapped.kind)
      if (done) this.events.emit('measure', done)
      this.invalidate()
      return
    }
    const frame = this.paneUnder(x, y)
    const origin = frame ? paneFrame(frame.pane, this.surface.width, this.surface.height).viewport : [0, 0]
    const label = this.labels.at(x - (origin[0] as number), y - (origin[1] as number))
    if (label && this.events.has('label')) this.events.emit('label', { id: label.id, event })
    else this.events.emit('pick', { pick: this.pick(x, y), event })
  }

  private onDoubleClick(x: number, y: number): void {
    if (this.tool === 'measure' || this.navigation === 'walk') return
    const hit = this.hit(x, y)
    if (!hit) return
    const { position } = this.camera
    const target = toPark(hit.point)
    const pull = 0.55
    void this.navigator.go({
      target,
      position: [target[0] + (position[0] - target[0]) * pull, target[1] + (position[1] - target[1]) * pull, target[2] + (position[2] - target[2]) * pull],
    })
  }

  private onHover(x: number, y: number, event: PointerEvent): void {
    if (this.loop.awake && this.dirty) return
    if (this.tool === 'measure') {
      const snapped = this.snapped(x, y)
      this.measureTool.hover(snapped?.point ?? null, snapped?.kind ?? 'face')
      this.invalidate()
    } else if (this.events.has('hover')) this.events.emit('hover', { pick: this.pick(x, y), event })
  }

  private snapped(x: number, y: number) {
    const hit = this.hit(x, y)
    if (!hit) return null
    const { width, height } = this.surface
    const painted = this.paneUnder(x, y)
    const [, , w, h] = painted ? paneFrame(painted.pane, width, height).viewport : [0, 0, width, height]
    return snap(hit, this.navigator.camera, w, h)
  }

  private readonly onLost = (event: Event): void => {
    // Prevented, the browser gives the context back.
    event.preventDefault()
    this.lost = true
    this.events.emit('error', { code: 'context-lost', message: 'The graphics card took the drawing context away; it is restored when the card is free.' })
  }

  private readonly onRestored = (): void => {
    this.lost = false
    this.texture.reset()
    this.stage.invalidateShadow()
    this.invalidateTiles()
  }
}
