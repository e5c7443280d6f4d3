/**
 * Where tracks come from. A source gives the tracks of a span of time; a park with positions of vehicles or people adds one to this list. Of
 * the sample park, lifts are the things that move and are measured; its patrol is made up, and says so.
 */
import { api } from '../../api/client'
import { live } from '../../api/live'
import type { Track } from '../../viewer/overlays/track'
import { lengths } from '../../viewer/overlays/ribbon'
import type { SceneLayer, SceneManifest, Vec3 } from '../../viewer/types'
import { levelsOf } from '../explode'
import { lineLayersOf, linesOf, placesOf } from './park-data'
import type { LineRow } from './park-data'

export interface TrackSource {
  id: 'lifts' | 'patrol'
  /** Not measured: the panel says so. */
  simulated: boolean
  /** Tracks from one moment to another, epoch ms; empty where nothing moved or nothing is known. */
  load: (scene: SceneManifest, from: number, to: number) => Promise<Track[]>
}

interface History {
  t: number[]
  mean: (number | null)[]
}

const COLOURS = [0x4da3ff, 0x37c98b, 0xffc53d, 0xb48cff, 0xff8a34, 0x5fd0e6]
const colour = (index: number): number => COLOURS[index % COLOURS.length] as number
const BUCKETS = 600
/** The middle of a car above its floor. */
const CAR_M = 1.2

/** Height of a floor by its number as lifts count: 1 is the lowest storey that is not below ground; between floors in proportion. */
export function floorHeight(layer: Pick<SceneLayer, 'layer' | 'storeys'>, floor: number): number {
  const rising = levelsOf(layer)
  const at = Math.min(rising.length - 1, Math.max(0, floor - 1 - (rising[0]?.level ?? 0)))
  const [a, b] = [Math.floor(at), Math.ceil(at)].map((i) => rising[i]?.storey.elevation ?? 0) as [number, number]
  return a + (b - a) * (at - Math.floor(at))
}

async function lifts(scene: SceneManifest, from: number, to: number): Promise<Track[]> {
  const places = await placesOf(scene.revision)
  const tracks = await Promise.all(
    live.ofKinds(['lift_position']).map(async (point, index): Promise<Track | null> => {
      const [x, y] = [places.x[point] ?? NaN, places.y[point] ?? NaN]
      const layer = scene.layers.find((one) => one.layer === places.layer[point])
      if (!Number.isFinite(x + y) || !layer?.storeys.length) return null
      const id = live.columns?.point_id[point] ?? ''
      const history = await api.get<History>('/points/history', { point_id: id, from: Math.round(from), to: Math.round(to), buckets: BUCKETS })
      const known = history.mean.flatMap((floor, i) => (floor === null ? [] : [[history.t[i] as number, floor] as const]))
      if (known.length < 2) return null
      // The name of a point is its thing's and then its own kind.
      const label = live.columns?.name[point]?.replace(/\s*\S+$/, '') || id
      return { id, color: colour(index), label, times: known.map(([t]) => t), points: known.map(([, floor]): Vec3 => [x, y, floorHeight(layer, floor) + CAR_M]) }
    }),
  )
  return tracks.filter((track) => track !== null)
}

const SPEED = 4
const STEP_S = 5
const MOST = 3

/** A made-up patrol: vehicles that go to and fro on the longest roads at four metres a second. */
export function patrolOn(roads: readonly LineRow[], from: number, to: number): Track[] {
  const long = roads
    .filter(({ type, points }) => type === 'Road' && points.length > 1)
    .map((road) => ({ road, along: lengths(road.points) }))
    .filter(({ along }) => (along.at(-1) ?? 0) > 60)
    .toSorted((a, b) => Number(closed(b.road)) - Number(closed(a.road)) || (b.along.at(-1) ?? 0) - (a.along.at(-1) ?? 0))
    .slice(0, MOST)
  return long.map(({ road, along }, index) => {
    const length = along.at(-1) as number
    const steps = Math.max(1, Math.floor((to - from) / 1000 / STEP_S))
    const times: number[] = []
    const points: Vec3[] = []
    for (let step = 0; step <= steps; step++) {
      const gone = step * STEP_S * SPEED
      const turn = gone % (2 * length)
      const at = closed(road) ? gone % length : turn > length ? 2 * length - turn : turn
      times.push(from + step * STEP_S * 1000)
      points.push(pointAt(road.points, along, at))
    }
    return { id: `patrol/${road.gid}`, color: colour(index), label: road.name ?? '', times, points }
  })
}

function closed({ points }: LineRow): boolean {
  const [a, b] = [points[0], points.at(-1)]
  return a !== undefined && b !== undefined && Math.hypot(a[0] - b[0], a[1] - b[1]) < 1
}

function pointAt(points: readonly (readonly [number, number, number])[], along: readonly number[], at: number): Vec3 {
  const i = Math.max(1, along.findIndex((metres) => metres >= at))
  const [a, b] = [points[i - 1] as Vec3, points[i] as Vec3]
  const span = (along[i] as number) - (along[i - 1] as number)
  const t = span > 0 ? (at - (along[i - 1] as number)) / span : 0
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

async function patrol(scene: SceneManifest, from: number, to: number): Promise<Track[]> {
  const known = new Set(scene.layers.filter(({ group }) => group === 'base').map(({ layer }) => layer))
  const layers = (await lineLayersOf(scene.revision)).filter(({ layer }) => known.has(layer))
  const rows = await Promise.all(layers.map(({ layer }) => linesOf(scene.revision, layer)))
  return patrolOn(rows.flat(), from, to)
}

export const TRACK_SOURCES: readonly TrackSource[] = [
  { id: 'lifts', simulated: false, load: lifts },
  { id: 'patrol', simulated: true, load: patrol },
]
