/**
 * The public face of the viewer core. Positions are park metres (x east, y north, z up) everywhere
 * outside the core; the core turns them into three.js axes itself. Colours are 0xRRGGBB.
 */

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

export type NavigationMode = 'orbit' | 'walk'
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

/** Two clicks with the measure tool. Metres, park axes. */
export interface Measurement {
  from: Vec3
  to: Vec3
  distance: number
  dx: number
  dy: number
  dz: number
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
  measure: Measurement
  error: { code: string; message: string; url?: string }
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
  showAll(): void
  /** The colour written for one object, or null. */
  colorOf(state: number): number | null
}

export interface Viewer {
  readonly state: StateTable
  readonly canvas: HTMLCanvasElement
  readonly navigation: NavigationMode
  load(manifest: SceneManifest): Promise<void>
  setLayerVisible(layer: string, visible: boolean): void
  setPanes(panes: readonly Pane[] | null): void
  pick(x: number, y: number): Pick | null
  select(states: readonly number[]): void
  flyTo(box: Box, options?: { duration?: number; from?: Vec3 }): Promise<void>
  home(duration?: number): Promise<void>
  readonly camera: CameraPose
  setCamera(pose: CameraPose, duration?: number): Promise<void>
  setNavigation(mode: NavigationMode): void
  /** Cut everything above `top` metres (storey cut) or outside the box; null ends it. Terrain and base stay whole. */
  setSection(section: { top: number } | { box: Box } | null): void
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
  /** 'off' | 'measure': clicks measure distances; results come as an overlay. */
  setTool(tool: 'select' | 'measure'): void
  /** Drop all measurements. */
  clearMeasurements(): void
  /** PNG of the stage at its present size. */
  screenshot(): Promise<Blob>
  /** Resolves when no tile is pending and the last frame is drawn. */
  idle(): Promise<void>
  invalidate(): void
  /** Paused, nothing is drawn and no tile is asked for; what changes meanwhile is shown after. */
  setPaused(paused: boolean): void
  /** Ask again for tiles and tilesets that failed, as when the server was away. */
  retryTiles(): void
  on<K extends keyof ViewerEvents>(event: K, listener: (payload: ViewerEvents[K]) => void): () => void
  statistics(): { drawCalls: number; triangles: number; tiles: number; frames: number; frameMs: number; textureMs: number }
  dispose(): void
}
