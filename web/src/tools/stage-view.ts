/** A view of the stage as a value: what is seen and how, as text small enough for an address. */
import { isPose } from './deep-link'
import type { CameraPose, CutPlane, Look, PitCut, Section, StateRanges, Vec3 } from '../viewer/types'
import { OVERLAYS } from './overlays/choice'
import type { OverlayChoices } from './overlays/choice'
import type { WeatherKind } from '../viewer/overlays/weather'

export interface StageView {
  camera: CameraPose
  section?: Section | undefined
  /** gid of the open storey. */
  storey?: string | undefined
  /** gids of chosen objects. */
  selected?: readonly string[] | undefined
  /** State indices; they hold for one revision of the scene. */
  hidden?: StateRanges | undefined
  isolated?: StateRanges | undefined
  revision?: number | undefined
  hiddenLayers?: readonly string[] | undefined
  xray?: boolean | undefined
  exploded?: number | undefined
  underground?: boolean | undefined
  pit?: PitCut | undefined
  weather?: WeatherKind | undefined
  look?: Look | undefined
  overlays?: Partial<OverlayChoices> | undefined
}

/** A named view of a tour, and how long it is looked at. */
export interface TourStop {
  name: string
  view: StageView
  seconds: number
}

/** Longest text that is put into an address: servers and chat programs cut longer ones. */
export const MOST_CHARACTERS = 6000

/** Centimetres are enough, and make the text half as long. */
const round = (_key: string, value: unknown): unknown => (typeof value === 'number' ? Math.round(value * 100) / 100 : value)

function pack(value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value, round))
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

function unpack(text: string): unknown {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}

export function viewToText(view: StageView): string {
  return pack(view)
}

/** The view in a text of an address, or null where it is none. */
export function viewFromText(text: string | null): StageView | null {
  const value = text ? unpack(text) : null
  return isView(value) ? value : null
}

export function tourToText(stops: readonly TourStop[]): string {
  return pack(stops)
}

/** The stops of a tour in an address; empty where there are none. */
export function tourFromText(text: string | null): TourStop[] {
  const value = text ? unpack(text) : null
  if (!Array.isArray(value)) return []
  return value.filter((stop: unknown): stop is TourStop => {
    const { name, view, seconds } = (stop ?? {}) as Partial<TourStop>
    return typeof name === 'string' && isView(view) && typeof seconds === 'number' && seconds > 0
  })
}

function isView(value: unknown): value is StageView {
  const { camera, section, hidden, isolated, selected, hiddenLayers, overlays, pit } = (value ?? {}) as Partial<StageView>
  const point = (p: unknown): p is Vec3 => Array.isArray(p) && p.length === 3 && p.every(Number.isFinite)
  const ranges = (r: unknown): boolean => r === undefined || (Array.isArray(r) && r.every((one) => Array.isArray(one) && one.length === 2 && one.every(Number.isInteger)))
  const names = (n: unknown): boolean => n === undefined || (Array.isArray(n) && n.every((one) => typeof one === 'string'))
  return camera !== undefined && point(camera.position) && point(camera.target) && isPose(camera) && ranges(hidden) && ranges(isolated) && names(selected) && names(hiddenLayers) && isSection(section) && isPit(pit) && isOverlays(overlays)
}

/** Each overlay's keys and what they are: texts, numbers or lists of texts. */
const OVERLAY_SHAPES: Record<keyof OverlayChoices, Record<string, 'string' | 'number' | 'list'>> = {
  heat: { quantity: 'string', place: 'string' },
  flows: { layers: 'list', without: 'list' },
  tracks: { source: 'string', minutes: 'number' },
  cones: { cameras: 'list' },
}

function isOverlays(overlays: unknown): boolean {
  if (overlays === undefined) return true
  if (typeof overlays !== 'object' || overlays === null) return false
  return OVERLAYS.every((name) => {
    const choice = (overlays as Partial<Record<string, Record<string, unknown> | null>>)[name]
    if (choice === undefined || choice === null) return true
    return Object.entries(OVERLAY_SHAPES[name]).every(([key, kind]) => {
      const value = choice[key]
      return kind === 'list' ? Array.isArray(value) && value.every((one) => typeof one === 'string') : typeof value === kind
    })
  })
}

function isPit(pit: unknown): boolean {
  if (pit === undefined) return true
  const { rectangle, depth } = (pit ?? {}) as Partial<PitCut>
  if (!(Array.isArray(rectangle) && rectangle.length === 4 && rectangle.every(Number.isFinite))) return false
  const [x0, y0, x1, y1] = rectangle as [number, number, number, number]
  return x1 > x0 && y1 > y0 && Number.isFinite(depth) && (depth as number) > 0
}

function isSection(section: unknown): boolean {
  if (section === undefined) return true
  const { top, box, planes } = (section ?? {}) as Partial<Section>
  if (top !== undefined && !Number.isFinite(top)) return false
  if (box !== undefined && !(Array.isArray(box) && box.length === 6 && box.every(Number.isFinite))) return false
  return planes === undefined || (Array.isArray(planes) && planes.every(isPlane))
}

function isPlane(plane: unknown): boolean {
  const { normal, distance } = (plane ?? {}) as Partial<CutPlane>
  return Number.isFinite(distance) && Array.isArray(normal) && normal.length === 3 && normal.every(Number.isFinite) && normal.some((v) => v !== 0)
}
