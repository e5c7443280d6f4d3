/**
 * The public face of the widget: every message, every event, the element. This file is published as it stands as
 * `embed/park-viewer.d.ts`, so it holds types only and imports nothing.
 *
 * Positions are metres of the park's frame: x east, y north, z up. A gid is `<layer>/<id>`; wherever gids are taken, a layer's
 * name, a building's or a storey's gid stands for all objects in it.
 */

/** Grows when a message changes so that a page written before would notice. */
export type Version = 1

export type Vec3 = [x: number, y: number, z: number]
/** min x, min y, min z, max x, max y, max z. */
export type Box = [number, number, number, number, number, number]

/** Where the camera stands and what it looks at. */
export interface View {
  position: Vec3
  target: Vec3
}

export interface Storey {
  gid: string
  name: string
  elevation: number
  top: number
}

export interface Layer {
  layer: string
  title: string
  title_en: string
  group: string
  visible: boolean
  building: string | null
  storeys: Storey[]
  box: Box
}

/** What is shown. */
export interface Scene {
  park: { id: string; name: string; name_en: string }
  revision: number
  layers: Layer[]
}

/** What was clicked or pointed at. */
export interface Picked {
  gid: string
  name: string
  class: string
  storey: string
  layer: string
  point: Vec3
}

export interface Point {
  point_id: string
  gid: string
  kind: string
  unit: string | null
  min: number | null
  max: number | null
  name: string | null
}

/** quality: 0 good, 1 stale, 2 bad, 3 never heard; times in epoch milliseconds by the server's clock. */
export interface PointState {
  point_id: string
  gid: string
  kind: string
  unit: string | null
  value: number | null
  quality: number
  changed_at: number
  heard_at: number
}

/** One object with all that the park knows of it, as `GET /api/v1/objects/card` answers. */
export interface ObjectCard {
  gid: string
  type: string
  ifc_class: string | null
  name: string | null
  layer: string
  storey: string | null
  storey_name: string | null
  building: string | null
  box: Box | null
  path: { gid: string; name: string | null; type: string }[]
  properties: { set: string; rows: { name: string; value: string | null; number: number | null; unit: string | null; origin: string }[] }[]
  quantities: { set: string | null; name: string; value: number; unit: string | null; origin: string }[]
  relations: { kind: string; direction: 'in' | 'out'; gid: string; name: string | null; type: string | null }[]
  points: { point_id: string; kind: string; unit: string | null; name: string | null; value: number | null; quality: number; changed_at: number | null; heard_at: number | null }[]
}

/** What is wrong. `code` is stable, `message` is a sentence in English; the widget itself shows one in the page's language. */
export interface Problem {
  code: string
  message: string
  url?: string
}

/** Which points: names of one list are alternatives, the lists are combined with AND; nothing given: all points. */
export interface Scope {
  layers?: string[]
  types?: string[]
  storeys?: string[]
  gids?: string[]
  points?: string[]
  kinds?: string[]
}

/** What each command takes and answers. */
export interface Commands {
  /** The frame's first message: who speaks which version, and which events shall come (all but `hover` where none are named). */
  hello: { params: { events?: EventName[] }; result: { version: Version; scene: Scene | null; problems: Problem[] } }
  /** Open a park, or change how it is shown; answers once the scene is known. What is not given stays as it is. */
  load: {
    params: { src?: string; token?: string; layers?: string[] | null; view?: View | 'home'; theme?: 'day' | 'night'; live?: string | null; quality?: 'low' | 'medium' | 'high' }
    result: Scene
  }
  /** Show these layers only; null: as published. */
  layers: { params: { layers: string[] | null }; result: Scene }
  /** Fly to objects, a box, a view or home: exactly one of them. duration: seconds, 0 jumps. */
  flyTo: { params: { gids?: string[]; box?: Box; view?: View | 'home'; duration?: number }; result: View }
  /** Mark exactly these as selected. */
  select: { params: { gids: string[] }; result: { objects: number } }
  /** Show these and ghost all others; null ends it. */
  isolate: { params: { gids: string[] | null }; result: { objects: number } }
  /** Colours by gid: any opaque CSS colour, null gives an object's own back; `colours` null gives all back. */
  colour: { params: { colours: Record<string, string | null> | null }; result: { objects: number } }
  /** Cut above a height or a storey's top, or outside a box; null ends it. */
  section: { params: { section: { top: number } | { storey: string } | { box: Box } | null }; result: Record<string, never> }
  /** Everything about one object. */
  properties: { params: { gid: string }; result: ObjectCard }
  /** PNG of the picture as it is shown. */
  screenshot: { params: Record<string, never>; result: { png: Blob; width: number; height: number } }
  /** The present view. */
  camera: { params: Record<string, never>; result: View }
  /** Follow live values: `state` events come with all points first, then with those that changed. */
  subscribe: { params: { scope?: Scope; max_rate_hz?: number }; result: { subscription: number; points: Point[] } }
  /** Follow them no more. */
  unsubscribe: { params: { subscription: number }; result: Record<string, never> }
}

export type CommandName = keyof Commands

/** What the widget tells. */
export interface Events {
  /** The scene is loaded and drawn. */
  ready: Scene
  /** A click: the object, or null beside all of them. */
  pick: Picked | null
  /** What the pointer is over, as it moves; only where asked for, because each costs a ray. */
  hover: Picked | null
  /** The view changed; at most ten a second. */
  camera: View
  /** Live values of a subscription. */
  state: { subscription: number; time: number; points: PointState[] }
  /** `lost`: the server or its live connection cannot be reached; the widget tries again by itself. `live`: it is back. */
  connection: { state: 'live' | 'lost' }
  /** Something is wrong; the rest goes on. */
  error: Problem
}

export type EventName = keyof Events

/** Share of the stage that is drawn at once, CSS pixels: left, top, width, height. */
export type Frame = readonly [number, number, number, number]
/** First and last of each run of state indices. */
export type StateRanges = ReadonlyArray<readonly [number, number]>

/** A press that a plugin has taken from the camera. Points in CSS pixels of the stage. */
export interface Drag {
  move(x: number, y: number, event: PointerEvent): void
  end(x: number, y: number, event: PointerEvent): void
  cancel(): void
}

/** What a page may add to the core; all hooks but `dispose` are optional. What a hook throws ends the plugin and comes as an `error`. */
export interface Plugin {
  /** Take a press before the camera does; null leaves it. */
  grab?(x: number, y: number, event: PointerEvent): Drag | null
  /** Advance what moves by itself, before a frame; true asks for another frame. */
  update?(seconds: number): boolean
  /** Whether `overlay` has anything to draw; true where it is not said. */
  readonly drawn?: boolean
  /** Draw above the picture, CSS pixels of the stage; clipped to `scissor`. */
  overlay?(context: CanvasRenderingContext2D, view: { readonly viewport: Frame; readonly scissor: Frame }): void
  /** Another scene was loaded: indices mean other objects now. */
  loaded?(): void
  dispose(): void
}

/** What a plugin is given. */
export interface PluginHost {
  readonly viewer: Viewer
  /** A three.js scene in three.js axes: the park's (x, y, z) stands at (x, z, -y). */
  readonly scene: { add(...objects: unknown[]): unknown; remove(...objects: unknown[]): unknown }
  /** Colour of selection as `#rrggbb`. */
  readonly accent: string
  /** Draw a frame soon. */
  invalidate(): void
}

/** Colour, visibility and marks of each object, by state index. Colours are 0xRRGGBB. */
export interface StateTable {
  readonly size: number
  color(states: ArrayLike<number>, colors: ArrayLike<number> | number | null): void
  visible(ranges: StateRanges, visible: boolean): void
  isolate(ranges: StateRanges | null): void
  ghost(ranges: StateRanges, on: boolean): void
  highlight(states: ArrayLike<number>, on: boolean): void
  pulse(states: ArrayLike<number>, on: boolean): void
  opacity(ranges: StateRanges, opacity: number): void
  showAll(): void
  colorOf(state: number): number | null
}

/** Of the core what pages use most; all of it stands in `docs/reference/viewer.md`. State indices hold until the next `ready`. */
export interface Viewer {
  readonly canvas: HTMLCanvasElement
  readonly state: StateTable
  readonly camera: View
  /** The first object at a point of the stage, CSS pixels from its left top. */
  pick(x: number, y: number): (Picked & { state: number; distance: number }) | null
  /** The point of the stage where a park point is seen, or null behind the eye. */
  toScreen(point: Vec3): [number, number] | null
  setSun(date: Date): void
  setFog(density: number): void
  setLabels(labels: readonly { id: string; position: Vec3; text: string; kind?: 'place' | 'critical' | 'major' | 'minor' | 'notice' | 'normal' | 'stale'; priority?: number }[]): void
  setTool(tool: 'select' | 'box' | 'lasso' | 'measure' | 'section'): Promise<void>
  /** Add a plugin, or what makes one: once, however often it is given. */
  use<P extends Plugin>(plugin: P | ((host: PluginHost) => P | Promise<P>)): Promise<P>
  /** End a plugin; false where it was not in use. */
  drop(plugin: Plugin): boolean
  /** Resolves when the picture is complete and drawn. */
  idle(): Promise<void>
  invalidate(): void
}

/** Attributes of `<park-viewer>`, for JSX. */
export interface ParkViewerAttributes {
  src?: string | undefined
  token?: string | undefined
  layer?: string | undefined
  view?: string | undefined
  theme?: 'day' | 'night' | undefined
  live?: string | undefined
  quality?: 'low' | 'medium' | 'high' | undefined
  hover?: boolean | '' | undefined
  onready?: ((event: CustomEvent<Events['ready']>) => void) | undefined
  onpick?: ((event: CustomEvent<Events['pick']>) => void) | undefined
  onhover?: ((event: CustomEvent<Events['hover']>) => void) | undefined
  oncamera?: ((event: CustomEvent<Events['camera']>) => void) | undefined
  onstate?: ((event: CustomEvent<Events['state']>) => void) | undefined
  onconnection?: ((event: CustomEvent<Events['connection']>) => void) | undefined
  onerror?: ((event: CustomEvent<Events['error']>) => void) | undefined
}

/** `<park-viewer>`: commands as methods, events as DOM events whose `detail` is the event's body. */
export interface ParkViewerElement extends HTMLElement {
  /** The core, while a park is open; another one after `src`, `token` or `quality` change. */
  readonly viewer: Viewer | null
  /** Any command by name; rejects with an Error that has `code`. */
  request<K extends CommandName>(command: K, params: Commands[K]['params']): Promise<Commands[K]['result']>
  load(params?: Commands['load']['params']): Promise<Scene>
  layers(layers: string[] | null): Promise<Scene>
  flyTo(where: string | string[] | Commands['flyTo']['params'], duration?: number): Promise<View>
  select(gids: string | string[]): Promise<{ objects: number }>
  isolate(gids: string | string[] | null): Promise<{ objects: number }>
  colour(gids: string | string[] | Record<string, string | null> | null, colour?: string | null): Promise<{ objects: number }>
  section(section: Commands['section']['params']['section']): Promise<Record<string, never>>
  properties(gid: string): Promise<ObjectCard>
  screenshot(): Promise<{ png: Blob; width: number; height: number }>
  camera(): Promise<View>
  subscribe(scope?: Scope, max_rate_hz?: number): Promise<{ subscription: number; points: Point[] }>
  unsubscribe(subscription: number): Promise<Record<string, never>>
}

/** What travels by postMessage: to the frame … */
export type FrameRequest = { [K in CommandName]: { parkViewer: Version; id: number | string; type: K } & Commands[K]['params'] }[CommandName]
/** … and from it: one reply per request, events, and at its start once `listening`, which holds nothing else. */
export type FrameReply<K extends CommandName = CommandName> =
  | { parkViewer: Version; id: number | string; ok: true; result: Commands[K]['result'] }
  | { parkViewer: Version; id: number | string | null; ok: false; error: Problem }
export type FrameEvent = { [K in EventName]: { parkViewer: Version; event: K; detail: Events[K] } }[EventName] | { parkViewer: Version; event: 'listening' }

declare global {
  interface HTMLElementTagNameMap {
    'park-viewer': ParkViewerElement
  }
}
