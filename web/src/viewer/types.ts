/**
 * The public face of the viewer core. Positions are park metres (x east, y north, z up) everywhere
 * outside the core; the core turns them into three.js axes itself. Colours are 0xRRGGBB.
 */

import type { Plugin, PluginFactory } from './plugin'
import type { Plugins } from './plugins'
import type { Measurement } from './tools/measure/measurement'

export type { Plugins }
export type { Measurement }

/** One layer of `scene.json`. */
export interface SceneLayer {
  layer: string
  version: string
  kind: 'bim' | 'vector' | 'terrain' | 'model'
  title: string
  title_en: string
  group: 'terrain' | 'base' | 'building' | 'underground' | 'neighbour' | 'scheme' | 'submission'
  visible: boolean
  scheme: string | null
  base: number
  count: number
  tileset: string
  box: Box
  building: string | null
  storeys: SceneStorey[]
}

export interface SceneStorey {
  gid: string
  name: string
  elevation: number
  top: number
}

export interface SceneScheme {
  id: string
  name: string
  name_en: string
  colour: string
  layers: string[]
  hides: string[]
}

export interface SceneManifest {
  park: {
    id: string
    name: string
    name_en: string
    origin: { longitude: number; latitude: number; height: number }
    /** Name of the zone of the park's clocks, as `Asia/Shanghai`. */
    timezone?: string
    /** Column-major 4x4 from the park frame to geocentric coordinates: the tilesets' root transform. */
    globe: number[]
  }
  revision: number
  states: number
  layers: SceneLayer[]
  schemes: SceneScheme[]
}

/** min x, min y, min z, max x, max y, max z in park metres. */
export type Box = [number, number, number, number, number, number]
export type Vec3 = [number, number, number]
/** Inclusive ranges of state indices, as `GET /api/v1/states` gives them. */
export type StateRanges = ReadonlyArray<readonly [number, number]>

export interface Pick {
  /** State index of the object: base + ordinal. */
  state: number
  gid: string
  name: string
  class: string
  storey: string
  layer: string
  /** Where the ray met it, park metres. */
  point: Vec3
  distance: number
}

export interface CameraPose {
  position: Vec3
  target: Vec3
}

export type NavigationMode = 'orbit' | 'walk' | 'fly'
/** What the pointer does: `box` and `lasso` select what lies in a region, `section` drags cutting planes, `pit` draws a cut through the ground. */
export type ToolName = 'select' | 'box' | 'lasso' | 'measure' | 'section' | 'pit'

/** What a ray may pass or meet besides what is drawn solid. */
export interface PickOptions {
  /** Look through glass. */
  through?: 'glass'
  /** Meet ghosts (x-ray, isolation) and faded objects as well. */
  ghosts?: boolean
  /** Meet every object that is loaded, hidden ones too. */
  hidden?: boolean
}

/** Which objects a region on the screen selects: those wholly inside, or all that reach into it. */
export type RegionMode = 'inside' | 'touching'

/** An object found in a region. */
export interface Found {
  state: number
  gid: string
  layer: string
}

/** A cutting plane: what lies beyond `distance` metres along `normal` (unit length, park axes) is cut away. */
export interface CutPlane {
  normal: Vec3
  distance: number
}

/** What is cut away: what is above `top`, outside `box`, beyond any of `planes`. At most six planes beside a box. */
export interface Section {
  top?: number
  box?: Box
  planes?: readonly CutPlane[]
}

/** How the ground is drawn over what lies under it. */
export interface GroundView {
  /** Share of the ground's pixels that is drawn, 0…1. */
  opacity?: number
  /** Where it is cut open: min x, min y, max x, max y, park metres. */
  pit?: readonly [number, number, number, number] | null
}

/** A cut through the ground. */
export interface PitCut {
  /** min x, min y, max x, max y, park metres. */
  rectangle: readonly [number, number, number, number]
  /** Metres below the lowest ground at its border. */
  depth: number
}

export type Look = 'day' | 'night'

export interface ViewerOptions {
  container: HTMLElement
  /** Quality preset; 'low' is what the tests use. Default from the device. */
  quality?: 'low' | 'medium' | 'high'
  look?: Look
  /** Extra headers for tiles, for example a token of the embedding page. */
  headers?: Record<string, string>
  /** Stage colours; read from CSS custom properties by the host. */
  background?: StageBackground
  /** Colour of selection and highlight; the theme's accent. */
  accent?: number
  /** Size of the text of labels, CSS pixels; 13 when not given. */
  labelSize?: number
  /** What the host's panels cover of the stage. */
  insets?: Insets
  /** Megabytes that tiles may take, at least 1; from preset and device when not given. */
  cacheMegabytes?: number
  /** What the canvas is called for people who do not see it, in the page's language. */
  label?: string
  /** Put `window.__parktwin` in place for tests; also on with `?debug` in the address. */
  debug?: boolean
}

/** CSS pixels at the edges of the stage that something else covers: `home` and `flyTo` compose for the part that is left. */
export interface Insets {
  left: number
  right: number
  top: number
  bottom: number
}

/** Sky at the zenith and near the horizon, and the fog that the ground fades into. */
export interface StageBackground {
  top: number
  bottom: number
  fog: number
}

/** A pane of the stage: several panes share one camera, scene and state texture. */
export interface Pane {
  id: string
  /** Layers shown in this pane, on top of the layers that belong to no scheme. */
  layers: ReadonlySet<string>
  /** State indices hidden in this pane. */
  hides?: StateRanges
  /** Share of the stage: left, top, width, height, 0..1. */
  rect: [number, number, number, number]
  /** Cut out of one picture that fills the stage (swipe), instead of a whole picture of its own. */
  swipe?: boolean
}


export interface ViewerEvents {
  ready: undefined
  /** Tiles still to load; 0 when the picture is complete. */
  loading: { pending: number; progress: number }
  pick: { pick: Pick | null; event: PointerEvent }
  hover: { pick: Pick | null; event: PointerEvent }
  contextmenu: { pick: Pick | null; event: PointerEvent }
  camera: CameraPose
  select: { states: readonly number[] }
  navigation: NavigationMode
  /** A label was clicked. */
  label: { id: string; event: PointerEvent }
  /** A measurement was finished. */
  measure: Measurement
  /** The list of measurements changed. */
  measures: { list: readonly Measurement[]; open: number }
  /** A region was drawn; `add` with Shift or Ctrl: to what is selected already. */
  region: { found: readonly Found[]; mode: RegionMode; add: boolean }
  tool: ToolName
  /** The section changed, by the host or by a drag of its handles. */
  section: Section | null
  /** The ground was cut open, or closed again, by the host or by a drag. */
  pit: PitCut | null
  /** How much coarser the picture is than asked for changed, and why. */
  strain: StrainState
  /** Tracks play: epoch milliseconds shown. */
  playback: { time: number; playing: boolean }
  /** A headset begins or ends to show the park. */
  headset: { presenting: boolean }
  error: { code: string; message: string; url?: string }
}

/** How much coarser than asked for the picture is: 1 is as asked for. */
export interface StrainState {
  /** What the error that tiles may have is multiplied by: `memory` × `frames`. */
  factor: number
  /** Because the cache of tiles is full; above 1 until there is room again. */
  memory: number
  /** Because the camera moves and frames are late; 1 again at rest. */
  frames: number
}

export interface Label {
  id: string
  position: Vec3
  text: string
  /** Severity or kind: decides the marker's shape and colour. */
  kind?: 'place' | 'critical' | 'major' | 'minor' | 'notice' | 'normal' | 'stale'
  priority?: number
}

/** Per-object state over the whole scene, one texel an object. All writes are batched to one upload a frame. */
export interface StateTable {
  readonly size: number
  /** Colour objects; `null` gives back the material's own colour. */
  color(states: ArrayLike<number>, colors: ArrayLike<number> | number | null): void
  colorRanges(ranges: StateRanges, color: number | null): void
  clearColors(): void
  visible(ranges: StateRanges, visible: boolean): void
  /** Show these, ghost all others; null ends it. */
  isolate(ranges: StateRanges | null): void
  /** Draw these transparently (x-ray). */
  ghost(ranges: StateRanges, on: boolean): void
  highlight(states: ArrayLike<number>, on: boolean): void
  /** Pulse (1 Hz) for unacknowledged critical alarms. */
  pulse(states: ArrayLike<number>, on: boolean): void
  /** Fade objects: 1 solid … 0 gone. Below a half rays pass them. */
  opacity(ranges: StateRanges, opacity: number): void
  /** Level of objects in an exploded view, -128…127; `Viewer.setExplode` says what a level is worth. */
  level(ranges: StateRanges, level: number): void
  showAll(): void
  /** The colour written for one object, or null. */
  colorOf(state: number): number | null
}

export interface Viewer {
  readonly state: StateTable
  readonly canvas: HTMLCanvasElement
  readonly navigation: NavigationMode
  /**
   * Show a scene, or another one in its place. States and selection go with the layers whose version stays; those of other versions, whose
   * indices mean other objects now, are cleared. They are as they will be when the call returns, before its promise is resolved.
   */
  load(manifest: SceneManifest): Promise<void>
  setLayerVisible(layer: string, visible: boolean): void
  setPanes(panes: readonly Pane[] | null): void
  /** The first object at a point of the stage, CSS pixels from its left top; null while its name is still to come. */
  pick(x: number, y: number, options?: PickOptions): Pick | null
  /** Every object along that line of sight, nearest first. */
  pickAll(x: number, y: number, options?: PickOptions): Pick[]
  /** The point of the stage where a park point is seen, or null behind the eye; of the first pane. */
  toScreen(point: Vec3): [number, number] | null
  select(states: readonly number[]): void
  flyTo(box: Box, options?: { duration?: number; from?: Vec3 }): Promise<void>
  home(duration?: number): Promise<void>
  readonly camera: CameraPose
  setCamera(pose: CameraPose, duration?: number): Promise<void>
  setNavigation(mode: NavigationMode): void
  /** Cut away by planes; null ends it. Terrain and base stay whole. */
  setSection(section: Section | null): void
  readonly section: Section | null
  /** Metres that objects are lifted a level (`StateTable.level`); 0 ends the exploded view. */
  setExplode(metres: number): void
  /** See under the ground; null gives it back. */
  setGround(view: GroundView | null): void
  /** Density of the fog: 1 as the look has it, more brings it nearer. */
  setFog(density: number): void
  setSun(date: Date): void
  setLook(look: Look): void
  /** Stage colours of the theme; null gives back the look's own. */
  setBackground(background: StageBackground | null): void
  setAccent(color: number): void
  setLabels(labels: readonly Label[]): void
  /** Size of the labels' text, CSS pixels. */
  setLabelSize(pixels: number): void
  /** A camera that still stands at home follows. */
  setInsets(insets: Insets): void
  readonly tool: ToolName
  /** What the pointer does; resolves when the tool has arrived. Clicks meanwhile wait for it. */
  setTool(tool: ToolName): Promise<void>
  /** A tool or layer beyond the core: its code is fetched when it is first asked for. */
  use<K extends keyof Plugins>(name: K): Promise<Plugins[K]>
  /** Add a plugin of your own, or what makes one: once, however often it is given. What it throws later ends it and comes as an `error`. */
  use<P extends Plugin>(plugin: P | PluginFactory<P>): Promise<P>
  /** End a plugin of your own; false where it was not in use. */
  drop(plugin: Plugin): boolean
  /** PNG of the stage at its present size; `use('capture')` makes larger ones. */
  screenshot(): Promise<Blob>
  /** Resolves when no tile and no name is pending and the last frame is drawn. */
  idle(): Promise<void>
  invalidate(): void
  /** Paused, nothing is drawn and no tile is asked for; what changes meanwhile is shown after. */
  setPaused(paused: boolean): void
  /** Ask again for tiles and tilesets that failed, as when the server was away. */
  retryTiles(): void
  on<K extends keyof ViewerEvents>(event: K, listener: (payload: ViewerEvents[K]) => void): () => void
  /** Of the last frame; `cachedBytes` of at most `cacheBytes` are taken by tiles, `refused` tiles found no room. */
  statistics(): { drawCalls: number; triangles: number; tiles: number; frames: number; frameMs: number; textureMs: number; strain: StrainState; refused: number; cachedBytes: number; cacheBytes: number }
  dispose(): void
}
