import { Vector3 } from 'three'
import type { PerspectiveCamera, WebGLRenderer, WebGLRenderTarget } from 'three'
import { AmbientOcclusion } from './ambient-occlusion'
import { firstPrograms, restPrograms } from './first-programs'
import type { LabelLayer, PicturePart } from './labels/label-layer'
import type { LayerSet } from './layer-set'
import type { MaterialLibrary } from './materials'
import { Outline } from './outline'
import { paneFrame } from './pane-layout'
import { EDGE_END } from './patch-material'
import type { Quality } from './quality'
import type { SharedUniforms } from './shared-uniforms'
import type { Stage } from './stage'
import { HIGHLIGHT, SELECTED } from './state-flags'
import type { StateStore } from './state-store'
import type { TileMesh } from './tile-content'
import type { Pane } from './types'

const eye = new Vector3()

export interface PaintedPane {
  pane: Pane
  /** Bit in the pane mask, 0 where the pane hides nothing. */
  bit: number
}

/** Draws one frame: every pane with its layers, then outline and labels on it. */
export class FramePainter {
  readonly outline: Outline
  private readonly occlusion: AmbientOcclusion | null
  private thrift = false
  private sharpness = 1
  private culled: WebGLRenderer['state'] | null = null

  constructor(
    private readonly renderer: WebGLRenderer,
    private readonly camera: PerspectiveCamera,
    private readonly stage: Stage,
    private readonly layers: LayerSet,
    private readonly store: StateStore,
    private readonly labels: LabelLayer,
    private readonly shared: SharedUniforms,
    private readonly library: MaterialLibrary,
    quality: Quality,
  ) {
    this.outline = new Outline(library.mask)
    this.occlusion = quality.occlusion ? new AmbientOcclusion(shared, library.depth) : null
  }

  /** Leave out edge lines, back faces and occlusion; `sharpness`: pixels in a line, as a share of those at rest. */
  setThrift(on: boolean, sharpness = 1): void {
    this.thrift = on
    this.sharpness = sharpness
    this.library.setThrift(on)
  }

  /** Width and height in CSS pixels. */
  paint(panes: readonly PaintedPane[], width: number, height: number): void {
    const { renderer } = this
    renderer.info.reset()
    this.chooseGaps()
    if (!panes.length) {
      renderer.setScissorTest(false)
      this.layers.applyVisibility(null)
      this.paintPane(null, 0, [0, 0, width, height], height)
      return
    }
    renderer.setScissorTest(false)
    renderer.setViewport(0, 0, width, height)
    renderer.clear()
    renderer.setScissorTest(true)
    for (const { pane, bit } of panes) {
      const { scissor, viewport } = paneFrame(pane, width, height)
      renderer.setScissor(scissor[0], height - scissor[1] - scissor[3], scissor[2], scissor[3])
      this.layers.applyVisibility(pane)
      // Each pane has other casters.
      if (panes.length > 1) this.stage.redrawShadow(renderer)
      this.paintPane(pane, bit, viewport, height)
    }
    renderer.setScissorTest(false)
    this.layers.applyVisibility(
      null,
      panes.map(({ pane }) => pane),
    )
  }

  /** Paint front faces of what one cannot see through, and nothing else. */
  paintDraft(panes: readonly PaintedPane[], width: number, height: number): void {
    this.library.setThrift(true, true)
    this.paint(panes, width, height)
    this.library.setThrift(this.thrift)
  }

  /**
   * Paint a part of one view on a canvas of the part's size: `whole` is the size of the view's picture, `part` left, top, width and height in
   * it. Sizes in device pixels; the renderer's ratio must be 1. Text and lines are `scale` times as large as on the stage.
   */
  paintPart(painted: PaintedPane | null, whole: readonly [number, number], part: readonly [number, number, number, number], scale: number): void {
    const { renderer, camera } = this
    const [x, y, width, height] = part
    this.chooseGaps()
    this.layers.applyVisibility(painted?.pane ?? null)
    if (painted) this.stage.redrawShadow(renderer)
    renderer.setScissorTest(false)
    camera.setViewOffset(...whole, x, y, width, height)
    try {
      this.paintPane(painted?.pane ?? null, painted?.bit ?? 0, [0, 0, width, height], height, { whole, x, y, scale })
    } finally {
      camera.clearViewOffset()
    }
  }

  /**
   * Paint one eye of a headset into a target that somebody else shows: left, bottom, width and height in its pixels. The camera stands and
   * projects as the eye does. Without outline, occlusion and labels, which are laid out for a screen. `first` clears the whole target.
   */
  paintEye(painted: PaintedPane | null, target: WebGLRenderTarget, [x, y, width, height]: readonly [number, number, number, number], first: boolean): void {
    const { renderer, shared } = this
    if (first) renderer.info.reset()
    this.layers.applyVisibility(painted?.pane ?? null)
    shared.uPaneBit.value = painted?.bit ?? 0
    shared.uOcclusionFrame.value.set(0, 0, 0, 0)
    target.scissorTest = !first
    target.viewport.set(x, y, width, height)
    target.scissor.set(x, y, width, height)
    renderer.setRenderTarget(target)
    renderer.clear()
    try {
      this.drawScene()
    } finally {
      renderer.setRenderTarget(null)
    }
  }

  /** Begin to make the programs of the stage and of nearly every building's draft; does not wait for them. */
  prepareFirst(): void {
    const { library, renderer, stage, camera } = this
    renderer.compile(stage.scene, camera)
    for (const one of firstPrograms(library)) renderer.compile(one, camera, stage.scene)
  }

  /** Begin to make the programs of what the draft leaves out. */
  prepareRest(): void {
    const { library, renderer, stage, camera } = this
    for (const one of restPrograms(library)) renderer.compile(one, camera, stage.scene)
  }

  /** Make the programs of ghosts before they are needed, so that the first of them does not halt the picture. */
  prepareModes(): void {
    const { library, renderer, stage, camera } = this
    library.setSparse(true)
    renderer.compile(stage.scene, camera)
    this.chooseGaps()
  }

  dispose(): void {
    this.outline.dispose()
    this.occlusion?.dispose()
  }

  private paintPane(pane: Pane | null, bit: number, frame: readonly [number, number, number, number], height: number, part?: PicturePart): void {
    const { renderer, camera, shared } = this
    const [left, top, w, h] = frame
    if (w <= 0 || h <= 0) return
    const bottom = height - top - h
    const ratio = renderer.getPixelRatio()
    shared.uPaneBit.value = bit
    // A part's view keeps the shape of the whole.
    if (!part) camera.aspect = w / h
    camera.updateProjectionMatrix()
    renderer.setViewport(left, bottom, w, h)
    // What an exploded view lifts may come nearer than its bounds say.
    this.layers.showLines(eye.setFromMatrixPosition(camera.matrixWorld), shared.uLevelGap.value === 0 ? EDGE_END : Infinity)
    if (this.thrift) this.occlusion?.skip()
    else this.occlusion?.prepare(renderer, this.stage.scene, camera, [left * ratio, bottom * ratio, w * ratio, h * ratio])
    renderer.clear()
    this.drawScene()
    if (this.store.hasOutline) {
      const marked = [...this.layers.meshes(pane)].filter((m) => this.isMarked(m))
      if (marked.length) this.outline.render(renderer, camera, marked, [left, bottom, w, h], part?.scale)
    }
    // Text is made for the picture at rest and only drawn smaller: making it anew would cost more than it saves.
    this.labels.render(renderer, camera, w, h, ratio / this.sharpness, this.stage.look, part)
  }

  private drawScene(): void {
    this.letCull()
    this.renderer.render(this.stage.scene, this.camera)
  }

  /** three.js culls by a material's side alone: where the library says so, back faces are culled after it. A restored context has a new state. */
  private letCull(): void {
    const { renderer, library } = this
    const { state } = renderer
    if (state === this.culled) return
    this.culled = state
    const setMaterial = state.setMaterial.bind(state)
    const { CULL_FACE } = renderer.getContext()
    state.setMaterial = (material, ...how) => {
      setMaterial(material, ...how)
      if (library.culls(material)) state.enable(CULL_FACE)
    }
  }

  /** Programs that leave pixels out are taken only while there is something to leave out. */
  private chooseGaps(): void {
    const { uGroundKeep, uPit } = this.shared
    const opened = uGroundKeep.value < 1 || uPit.value.x < uPit.value.z
    this.stage.ground.setSparse(opened)
    this.library.setSparse(opened || this.store.sparse)
  }

  private isMarked(mesh: TileMesh): boolean {
    for (const state of mesh.states) if (this.store.flags(state) & (SELECTED | HIGHLIGHT)) return true
    return false
  }
}
