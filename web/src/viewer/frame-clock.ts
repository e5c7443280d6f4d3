import { Vector3 } from 'three'
import { toThree } from './axes'
import { DrawPace } from './draw-pace'
import type { Emitter } from './emitter'
import { FirstPicture } from './first-picture'
import type { FramePainter } from './frame-painter'
import type { LayerSet } from './layer-set'
import type { Navigator } from './navigation/navigator'
import type { PaneSet } from './pane-set'
import type { PluginSet } from './plugins'
import type { RenderLoop } from './render-loop'
import type { SharedUniforms } from './shared-uniforms'
import type { Sight } from './sight'
import type { Stage } from './stage'
import { KEPT } from './state-flags'
import type { StateStore } from './state-store'
import type { StateTexture } from './state-texture'
import type { Surface } from './surface'
import type { StrainState, ViewerEvents } from './types'

const focus = new Vector3()
/** After the first whole picture. */
const MODES_AFTER_MS = 1500

/** The parts of a viewer that one step moves and draws. */
export interface FrameParts {
  loop: RenderLoop
  surface: Surface
  navigator: Navigator
  panes: PaneSet
  sight: Sight
  layers: LayerSet
  stage: Stage
  state: StateStore
  /** Replaced when a scene of another size is loaded. */
  texture: () => StateTexture
  shared: SharedUniforms
  painter: FramePainter
  plugins: PluginSet
  events: Emitter<ViewerEvents>
  /** Whether a tool looks at the shapes themselves, however far away they are. */
  exact: () => boolean
}

/** Says when a frame is due, moves what moves, chooses tiles and draws; at rest it does nothing. */
export class FrameClock {
  /** Scenes that are being opened. */
  opening = 0
  /** A scene was loaded and its first picture is not complete yet. */
  loading = false
  lost = false
  /** All tiles of a scene that was loaded are there, but their picture is not drawn yet. */
  private complete = false
  frames = 0
  frameMs = 0
  textureMs = 0
  /** Pixels that tiles are chosen for, instead of the stage's: a capture asks for more. */
  tileSize: readonly [number, number] | null = null
  private dirty = true
  private tilesDirty = true
  private pendingTiles = 0
  private shape = -1
  private cut = false
  private revision = 0
  private pulseAt = 0
  private overlayUsed = false
  private stopped = false
  private thrift = ''
  private told: StrainState = { factor: 1, memory: 1, frames: 1 }
  private readonly pace: DrawPace
  private readonly first: FirstPicture
  private later: ReturnType<typeof setTimeout> | undefined
  private waiting: (() => void)[] = []

  constructor(private readonly parts: FrameParts) {
    this.pace = new DrawPace(parts.surface.gl)
    this.first = new FirstPicture(() => parts.painter.prepareFirst())
  }

  invalidate(): void {
    this.dirty = true
    this.parts.loop.wake()
  }

  invalidateTiles(): void {
    this.tilesDirty = true
    this.invalidate()
  }

  /** Choose tiles, and before the first picture at once: each of the frames that lie between asking for one file and the next would put it off. */
  askForTiles(): void {
    if (this.frames === 0 && !this.lost && !this.stopped) this.updateTiles()
    this.invalidateTiles()
  }

  /** Tiles came or went: before the first picture, what came is drawn at once and not with the next frame. */
  tilesCame(): void {
    this.invalidateTiles()
    if (this.frames === 0 && this.parts.layers.tileCount > 0) this.parts.loop.hurry(() => this.frames === 0)
  }

  /** Whether a frame is asked for and will draw. */
  get due(): boolean {
    return this.parts.loop.awake && this.dirty
  }

  /** Resolves when no tile and no name is pending and the last frame is drawn. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve)
      this.invalidateTiles()
    })
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.later)
    for (const done of this.waiting.splice(0)) done()
  }

  /** Someone else moves the camera and draws, as a headset does: nothing of it happens here. */
  held = false

  /** What a step does besides moving the camera and drawing: plugins, states, and the tiles that the camera sees at so many pixels a side. */
  advance(seconds: number, pixels: number): void {
    const { plugins, layers, stage, surface, navigator } = this.parts
    for (const plugin of plugins.all) plugin.update?.(seconds)
    this.takeState()
    this.pulse()
    layers.drawn()
    layers.seen()
    layers.update(pixels, pixels)
    stage.updateFog(30)
    stage.updateShadow(surface.renderer, focus.setFromMatrixPosition(navigator.camera.matrixWorld), 60)
  }

  /** One step; whether another frame is needed at once. */
  tick(seconds: number): boolean {
    if (this.lost || this.stopped || this.held) return false
    const { navigator, events, loop } = this.parts
    const moving = navigator.update(seconds)
    if (moving) {
      this.dirty = this.tilesDirty = true
      events.emit('camera', navigator.pose)
    }
    let playing = false
    for (const plugin of this.parts.plugins.all) playing = plugin.update?.(seconds) || playing
    if (playing) this.dirty = true
    this.takeState()
    if (this.tilesDirty || this.pendingTiles > 0) this.updateTiles()
    this.saveWork()
    this.pulse()
    // While tiles arrive, most of the card's time is theirs: a picture of each would put the whole one off.
    const held = this.dirty && ((!moving && this.pendingTiles > 0 && !this.pace.free()) || (this.frames === 0 && !this.shows && this.first.awaited()))
    if (this.parts.layers.naming > 0 && this.pace.finished()) this.parts.layers.seen()
    if (this.dirty && !held) this.draw()
    if (this.complete && !this.dirty) this.announce()
    // No picture needs the names of far views; who waits for rest may want them.
    const { naming } = this.parts.layers
    if (!moving && !this.dirty && !this.tilesDirty && this.pendingTiles === 0 && naming === 0 && !this.opening && !this.loading) {
      for (const done of this.waiting.splice(0)) done()
    }
    if (this.pendingTiles > 0 || naming > 0 || held) loop.later(40)
    return moving || playing || (this.dirty && !held) || this.tilesDirty
  }

  draw(): void {
    if (this.lost || this.stopped) return
    const started = performance.now()
    const { surface, painter, panes, layers } = this.parts
    this.dirty = false
    this.takeState()
    this.prepare()
    // A first picture without what most of the work is for is there sooner; the whole one follows at once.
    const draft = this.frames === 0 && layers.tileCount > 0
    if (draft) painter.paintDraft(panes.painted, surface.width, surface.height)
    else painter.paint(panes.painted, surface.width, surface.height)
    this.drawOverlay()
    this.pace.drawn()
    if (draft) {
      this.dirty = true
      painter.prepareRest()
    }
    if (layers.drawn()) this.tilesDirty = true
    this.frames++
    this.frameMs = performance.now() - started
  }

  /** The picture that was drawn last is whole, and the first of its scene. */
  private announce(): void {
    this.complete = false
    this.parts.events.emit('ready', undefined)
    clearTimeout(this.later)
    this.later = setTimeout(() => this.prepareModes(), MODES_AFTER_MS)
  }

  /** Depth, fog and shadows for what is looked at now. */
  prepare(): void {
    const { surface, navigator, stage } = this.parts
    const distance = navigator.mode === 'orbit' ? navigator.distance : 30
    this.fitDepth()
    stage.updateFog(distance)
    toThree(navigator.pose.target, focus)
    stage.updateShadow(surface.renderer, focus, distance)
  }

  /** Give up the savings of movement, for a picture that is to be kept. */
  spareNothing(): void {
    this.parts.painter.setThrift(false)
    this.parts.surface.setSharpness(1)
    this.thrift = ''
  }

  /** While the camera moves and frames are late, leave out what a moving picture can do without. */
  private saveWork(): void {
    const { layers, painter, surface } = this.parts
    layers.feelMotion(performance.now())
    this.tellStrain()
    const { moving, sharpness } = layers.strain
    const thrift = moving ? String(sharpness) : ''
    if (thrift === this.thrift) return
    this.thrift = thrift
    painter.setThrift(moving, sharpness)
    surface.setSharpness(sharpness)
    this.dirty = this.tilesDirty = true
  }

  private tellStrain(): void {
    const { state } = this.parts.layers.strain
    if (state.memory === this.told.memory && state.frames === this.told.frames) return
    this.told = state
    this.parts.events.emit('strain', state)
  }

  /** Whether there is something to show, or nothing will come. */
  private get shows(): boolean {
    const { layers } = this.parts
    return layers.tileCount > 0 || (layers.current !== null && !this.opening && !this.loading)
  }

  private prepareModes(): void {
    // Not under a hand that moves the picture: the next rest will do.
    if (this.lost || this.stopped) return
    if (this.due || this.pendingTiles > 0) this.later = setTimeout(() => this.prepareModes(), MODES_AFTER_MS)
    else this.parts.painter.prepareModes()
  }

  private takeState(): void {
    const { state, shared, stage, layers } = this.parts
    const texture = this.parts.texture()
    if (texture.update()) {
      this.textureMs = texture.ms
      this.dirty = true
    }
    const cut = shared.uCutCount.value > 0 || this.parts.exact()
    if (state.shape === this.shape && cut === this.cut && layers.revision === this.revision) return
    this.shape = state.shape
    this.cut = cut
    this.revision = layers.revision
    if (layers.setOpened(({ base, count }) => cut || state.opened(base, count))) this.tilesDirty = true
    stage.invalidateShadow()
    shared.uIsolating.value = this.isolationMode()
    shared.uHasExtra.value = Number(state.hasExtra)
    this.dirty = true
  }

  private updateTiles(): void {
    this.tilesDirty = false
    const { navigator, surface, panes, layers, events } = this.parts
    const { camera } = navigator
    const { width, height } = surface
    // Tiles are chosen once for all panes: for the widest picture.
    camera.aspect = Math.max(...panes.views.map(({ viewport: [, , w, h] }) => w / Math.max(1, h)))
    this.fitDepth()
    camera.updateMatrixWorld()
    layers.applyVisibility(null, panes.painted.length ? panes.panes : undefined)
    const [across, down] = this.tileSize ?? [width * surface.ratio, height * surface.ratio]
    layers.update(across, down)
    this.tellStrain()
    const pending = layers.pending
    if (pending !== this.pendingTiles) {
      const requested = Math.max(pending, layers.requested)
      events.emit('loading', { pending, progress: pending === 0 ? 1 : 1 - pending / Math.max(1, requested + 1) })
    }
    this.pendingTiles = pending
    if (pending === 0 && this.loading && !this.tilesDirty) {
      this.loading = false
      this.complete = true
    }
  }

  /** Near and far by what is looked at: millimetres of depth at the target. */
  private fitDepth(): void {
    const { navigator, stage } = this.parts
    const { camera } = navigator
    const distance = navigator.mode === 'orbit' ? navigator.distance : 4
    camera.near = Math.min(8, Math.max(0.08, distance / 150))
    camera.far = distance + stage.extent * 13
    camera.updateProjectionMatrix()
  }

  private drawOverlay(): void {
    const { surface, plugins, panes, sight } = this.parts
    const drawing = plugins.all.filter((plugin) => plugin.drawn)
    if (!drawing.length && !this.overlayUsed) return
    const context = surface.clearOverlay()
    this.overlayUsed = drawing.length > 0
    for (const view of drawing.length ? panes.views : []) {
      sight.aim(view)
      context.save()
      context.beginPath()
      context.rect(...(view.scissor as [number, number, number, number]))
      context.clip()
      for (const plugin of drawing) plugin.overlay?.(context, view)
      context.restore()
    }
  }

  private pulse(): void {
    const { state, shared, loop } = this.parts
    const still = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? false
    if (!state.animated || still) {
      shared.uPulse.value = state.animated ? 1 : 0
      return
    }
    // Twelve pictures a second are enough for a pulse of one a second.
    const now = performance.now()
    if (now - this.pulseAt > 80) {
      this.pulseAt = now
      shared.uPulse.value = 0.5 - 0.5 * Math.cos((now / 1000) * 2 * Math.PI)
      this.dirty = true
    }
    loop.later(85)
  }

  private isolationMode(): number {
    const { state, layers } = this.parts
    if (!state.isolating) return 0
    for (const layer of layers.all) {
      if (layer.group !== 'underground') continue
      for (let s = layer.base; s < layer.base + layer.count; s++) if (state.flags(s) & KEPT) return 2
    }
    return 1
  }
}
