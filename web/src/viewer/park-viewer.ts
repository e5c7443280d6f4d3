import { Color } from 'three'
import { unionBoxes } from './axes'
import { Emitter } from './emitter'
import { FrameClock } from './frame-clock'
import { FramePainter } from './frame-painter'
import { Interaction } from './interaction'
import { LabelLayer } from './labels/label-layer'
import { LayerSet } from './layer-set'
import { MaterialLibrary } from './materials'
import { moved, movesBetween, still } from './moves'
import { Framing } from './navigation/framing'
import { Navigator } from './navigation/navigator'
import { PaneSet } from './pane-set'
import type { Plugin, PluginFactory, PluginHost } from './plugin'
import { PluginSet } from './plugins'
import type { Plugins } from './plugins'
import { cacheMegabytes } from './quality'
import { RenderLoop } from './render-loop'
import { sectionPlanes } from './section'
import { createSharedUniforms } from './shared-uniforms'
import { Sight } from './sight'
import { Stage } from './stage'
import { StateStore } from './state-store'
import { StateTexture } from './state-texture'
import { sunAt } from './sun'
import { Surface } from './surface'
import type {
  Box, CameraPose, GroundView, Insets, Label, Look, NavigationMode, Pane, Pick, PickOptions, SceneManifest, Section, StageBackground, ToolName,
  Vec3, Viewer, ViewerEvents, ViewerOptions,
} from './types'

const PARK_GROUPS = new Set(['building', 'scheme', 'submission', 'underground'])

/** The viewer core: puts stage, layers, state, camera and plugins together; what it can do stands in its parts. */
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
  private readonly panes: PaneSet
  private readonly sight: Sight
  private readonly plugins: PluginSet
  private readonly clock: FrameClock
  private readonly interaction: Interaction
  private texture: StateTexture
  private selection: readonly number[] = []
  private cut: Section | null = null
  private accent: number
  private origin = { longitude: 0, latitude: 0 }
  private sunDate: Date | null = null
  private disposed = false

  constructor(options: ViewerOptions) {
    this.loop = new RenderLoop((seconds) => this.clock.tick(seconds))
    this.surface = new Surface(options.container, options, () => this.resized())
    const { canvas, renderer } = this.surface
    const quality = { ...this.surface.quality, cacheMegabytes: cacheMegabytes(this.surface.quality, options.cacheMegabytes) }
    this.state = new StateStore(0, () => this.loop.wake())
    this.texture = new StateTexture(this.state)
    this.library = new MaterialLibrary(this.shared, quality.occlusion)
    this.stage = new Stage(quality, this.shared)
    this.navigator = new Navigator(canvas, (probe, far) => this.sight.probe(probe, far), () => this.loop.wake())
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
        this.clock.tilesCame()
      },
      onTileset: () => this.clock.askForTiles(),
      hurried: () => this.clock.frames === 0,
      onError: (error) => this.events.emit('error', error),
    })
    this.panes = new PaneSet(this.surface)
    this.sight = new Sight(this.navigator.camera, this.surface, this.panes, this.layers, this.state, this.shared)
    this.labels = new LabelLayer(options.container, () => this.invalidate(), options.insets)
    this.painter = new FramePainter(renderer, this.navigator.camera, this.stage, this.layers, this.state, this.labels, this.shared, this.library, quality)
    this.plugins = new PluginSet(this.host())
    const { loop, surface, navigator, panes, sight, layers, stage, state, shared, painter, plugins, events } = this
    const exact = () => this.interaction.tool !== 'select'
    this.clock = new FrameClock({ loop, surface, navigator, panes, sight, layers, stage, state, texture: () => this.texture, shared, painter, plugins, events, exact })
    this.interaction = new Interaction(canvas, sight, this.labels, navigator, plugins, events, () => this.clock.due)
    canvas.addEventListener('webglcontextlost', this.onLost)
    canvas.addEventListener('webglcontextrestored', this.onRestored)
    if (options.labelSize) this.labels.setSize(options.labelSize)
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

  get section(): Section | null {
    return this.cut
  }

  get tool(): ToolName {
    return this.interaction.tool
  }

  async load(manifest: SceneManifest): Promise<void> {
    const before = this.layers.current
    const first = before === null
    const moves = movesBetween(before, manifest)
    if (!still(before, manifest, moves)) {
      this.state.resize(manifest.states, moves)
      this.texture.dispose()
      this.texture = new StateTexture(this.state)
      this.bindTextures()
      this.panes.writeMask(this.texture, this.state.size)
      if (this.selection.length) {
        this.selection = moved(this.selection, moves)
        this.events.emit('select', { states: this.selection })
      }
    }
    this.stage.ground.setAnonymous(manifest.states)
    this.origin = manifest.park.origin
    if (this.sunDate) this.setSun(this.sunDate)
    this.measureExtent(manifest)
    this.clock.opening++
    try {
      this.layers.load(manifest)
      this.clock.loading = true
      if (first) await this.home(0)
      if (this.disposed) return
      this.clock.askForTiles()
      for (const plugin of this.plugins.all) plugin.loaded?.()
      await this.layers.decoding
    } finally {
      this.clock.opening--
    }
    this.clock.invalidateTiles()
  }

  setLayerVisible(layer: string, visible: boolean): void {
    this.layers.setVisible(layer, visible)
    this.stage.invalidateShadow()
    this.clock.invalidateTiles()
  }

  setPanes(panes: readonly Pane[] | null): void {
    this.panes.set(panes)
    this.panes.writeMask(this.texture, this.state.size)
    this.stage.invalidateShadow()
    this.clock.invalidateTiles()
  }

  pick(x: number, y: number, options?: PickOptions): Pick | null {
    return this.sight.pick(x, y, options)
  }

  pickAll(x: number, y: number, options?: PickOptions): Pick[] {
    return this.sight.pickAll(x, y, options)
  }

  toScreen(point: Vec3): [number, number] | null {
    const view = this.panes.views[0]
    if (!view) return null
    this.sight.aim(view)
    return this.sight.screen(point, view)
  }

  select(states: readonly number[]): void {
    this.state.select(states, this.selection)
    this.selection = [...states]
    this.events.emit('select', { states: this.selection })
    this.invalidate()
  }

  flyTo(box: Box, options: { duration?: number; from?: Vec3 } = {}): Promise<void> {
    if (this.navigation !== 'orbit') this.setNavigation('orbit')
    return this.framing.flyTo(box, options.from, options.duration)
  }

  home(duration?: number): Promise<void> {
    if (this.navigation !== 'orbit') this.setNavigation('orbit')
    return this.framing.home(duration)
  }

  setCamera(pose: CameraPose, duration?: number): Promise<void> {
    return this.navigator.go(pose, duration)
  }

  setNavigation(mode: NavigationMode): void {
    if (mode === this.navigation) return
    this.navigator.setMode(mode)
    this.events.emit('navigation', mode)
    this.clock.invalidateTiles()
  }

  setSection(section: Section | null): void {
    const cuts = sectionPlanes(section)
    this.cut = section
    this.sight.cuts = cuts
    cuts.forEach((cut, i) => this.shared.uCuts.value[i]?.copy(cut))
    this.shared.uCutCount.value = cuts.length
    this.library.setSection(cuts.length > 0)
    this.stage.invalidateShadow()
    this.events.emit('section', section)
    this.invalidate()
  }

  setExplode(metres: number): void {
    this.shared.uLevelGap.value = metres
    // What is lifted leaves the bounds that culling knows.
    this.layers.setCulling(metres === 0)
    this.stage.invalidateShadow()
    this.clock.invalidateTiles()
  }

  setGround(view: GroundView | null): void {
    this.shared.uGroundKeep.value = view?.opacity ?? 1
    const [x0, y0, x1, y1] = view?.pit ?? [1, -1, -1, 1]
    this.shared.uPit.value.set(x0, -y1, x1, -y0)
    this.invalidate()
  }

  setFog(density: number): void {
    this.stage.density = density
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
    this.labels.setInsets(insets)
  }

  setTool(tool: ToolName): Promise<void> {
    const set = this.interaction.setTool(tool)
    this.invalidate()
    return set
  }

  use<K extends keyof Plugins>(name: K): Promise<Plugins[K]>
  use<P extends Plugin>(plugin: P | PluginFactory<P>): Promise<P>
  use(asked: keyof Plugins | Plugin | PluginFactory): Promise<Plugin> {
    return typeof asked === 'string' ? this.plugins.use(asked) : this.plugins.add(asked)
  }

  drop(plugin: Plugin): boolean {
    return this.plugins.drop(plugin)
  }

  async screenshot(): Promise<Blob> {
    this.clock.spareNothing()
    this.clock.draw()
    return this.surface.png()
  }

  idle(): Promise<void> {
    return this.clock.idle()
  }

  setPaused(paused: boolean): void {
    this.loop.setPaused(paused)
  }

  retryTiles(): void {
    this.layers.retry()
    this.clock.invalidateTiles()
  }

  invalidate(): void {
    this.clock.invalidate()
  }

  on<K extends keyof ViewerEvents>(event: K, listener: (payload: ViewerEvents[K]) => void): () => void {
    return this.events.on(event, listener)
  }

  statistics() {
    const { render } = this.surface.renderer.info
    const { frames, frameMs, textureMs } = this.clock
    const { tileCount: tiles, strain, cache, refused } = this.layers
    return { drawCalls: render.calls, triangles: render.triangles, tiles, frames, frameMs, textureMs, strain: strain.state, refused, ...cache }
  }

  dispose(): void {
    if (this.disposed) return
    this.disposed = true
    this.loop.stop()
    this.interaction.dispose()
    this.plugins.dispose()
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
    this.clock.stop()
    this.events.clear()
  }

  /** Draw one frame now, whether or not anything changed: for tests and screenshots. */
  renderOnce(): void {
    this.clock.draw()
  }

  private host(): PluginHost {
    const { stage, navigator, surface, panes, sight, layers, state, shared, painter, events } = this
    const accent = () => `#${new Color(this.accent).getHexString()}`
    return {
      viewer: this,
      scene: stage.scene,
      camera: navigator.camera,
      surface,
      panes,
      sight,
      layers,
      state,
      stage,
      shared,
      painter,
      get accent() {
        return accent()
      },
      invalidate: () => this.invalidate(),
      invalidateTiles: () => this.clock.invalidateTiles(),
      setTileSize: (pixels) => {
        this.clock.tileSize = pixels
        this.clock.invalidateTiles()
      },
      plugins: () => this.plugins.all,
      hold: () => {
        const pose = this.camera
        const { fov } = navigator.camera
        this.clock.held = true
        return () => {
          this.clock.held = false
          navigator.camera.scale.setScalar(1)
          navigator.camera.fov = fov
          void this.setCamera(pose, 0)
          this.clock.invalidateTiles()
        }
      },
      advance: (seconds, pixels) => this.clock.advance(seconds, pixels),
      prepare: () => this.clock.prepare(),
      emit: (event, payload) => events.emit(event, payload),
      on: (event, listener) => events.on(event, listener),
    }
  }

  private resized(): void {
    this.framing.keep()
    this.clock.invalidateTiles()
  }

  private bindTextures(): void {
    this.shared.uState.value = this.texture.texture
    this.shared.uExtra.value = this.texture.extra
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
    const casters = unionBoxes([park, ...visible((g) => g !== 'terrain' && g !== 'base' && g !== 'underground')]) as Box
    this.stage.setExtent(park, casters, whole, (terrain ?? built)[2] - (terrain ? 0.3 : 0.05))
    this.navigator.setReach(this.stage.extent * 14)
  }

  private readonly onLost = (event: Event): void => {
    // Prevented, the browser gives the context back.
    event.preventDefault()
    this.clock.lost = true
    this.events.emit('error', { code: 'context-lost', message: 'The graphics card took the drawing context away; it is restored when the card is free.' })
  }

  private readonly onRestored = (): void => {
    this.clock.lost = false
    this.texture.reset()
    this.stage.invalidateShadow()
    this.clock.invalidateTiles()
  }
}
