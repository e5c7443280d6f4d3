/** The contract between the core and what is fetched later: tools, layers, captures. */
import type { PerspectiveCamera, Scene } from 'three'
import type { FramePainter } from './frame-painter'
import type { LayerSet } from './layer-set'
import type { PaneSet, PaneView } from './pane-set'
import type { SharedUniforms } from './shared-uniforms'
import type { Sight } from './sight'
import type { Stage } from './stage'
import type { StateStore } from './state-store'
import type { Surface } from './surface'
import type { Viewer, ViewerEvents } from './types'

/** What a plugin may use of the core. */
export interface PluginHost {
  readonly viewer: Viewer
  readonly scene: Scene
  readonly camera: PerspectiveCamera
  readonly surface: Surface
  readonly panes: PaneSet
  readonly sight: Sight
  readonly layers: LayerSet
  readonly state: StateStore
  readonly stage: Stage
  readonly shared: SharedUniforms
  readonly painter: FramePainter
  /** Selection and highlight colour as `#rrggbb`. */
  readonly accent: string
  /** Draw a frame soon. */
  invalidate(): void
  /** Choose tiles again, then draw. */
  invalidateTiles(): void
  /** Choose tiles as for a picture of so many device pixels; null as for the stage. */
  setTileSize(pixels: readonly [number, number] | null): void
  /** All plugins that have arrived. */
  plugins(): readonly Plugin[]
  /** Move the camera and draw from now on; what comes back gives both to the core again, with the camera where it was. */
  hold(): () => void
  /** While holding: plugins, states, shadows, and the tiles that the camera sees at so many pixels a side. */
  advance(seconds: number, pixels: number): void
  /** Depth, fog and shadows as the next frame would have them. */
  prepare(): void
  emit<K extends keyof ViewerEvents>(event: K, payload: ViewerEvents[K]): void
  on<K extends keyof ViewerEvents>(event: K, listener: (payload: ViewerEvents[K]) => void): () => void
}

/** Makes a plugin for a viewer. */
export type PluginFactory<P extends Plugin = Plugin> = (host: PluginHost) => P | Promise<P>

/** A press that a plugin has taken from the camera. Points in CSS pixels of the stage. */
export interface Drag {
  move(x: number, y: number, event: PointerEvent): void
  end(x: number, y: number, event: PointerEvent): void
  cancel(): void
}

/** What the pointer does while a tool is in force. */
export interface ToolHooks {
  readonly cursor: string
  click?(x: number, y: number, event: PointerEvent): void
  doubleClick?(x: number, y: number): void
  hover?(x: number, y: number): void
  leave?(): void
  /** Drop what was begun; false where there was nothing to drop. */
  cancel?(): boolean
  /** Keys while the stage has the focus; true when it was used. */
  key?(event: KeyboardEvent): boolean
  /** The tool was laid down. */
  end?(): void
}

export interface Plugin {
  /** Hooks of the pointer, for plugins that are tools. */
  readonly tool?: ToolHooks
  /** Take a press before the camera does; null leaves it. */
  grab?(x: number, y: number, event: PointerEvent): Drag | null
  /** Advance what moves by itself; true asks for another frame. */
  update?(seconds: number): boolean
  /** Whether `overlay` has anything to draw. */
  readonly drawn?: boolean
  /** Draw above a pane, CSS pixels of the stage; the camera is aimed for the pane and the canvas clipped to it. */
  overlay?(context: CanvasRenderingContext2D, view: PaneView): void
  /** A new scene was loaded. */
  loaded?(): void
  dispose(): void
}
