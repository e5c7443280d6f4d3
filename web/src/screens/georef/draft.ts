/** A place that is being tried: from candidate to rectangle on the plan, moved and turned, and to what the server is asked. */
import type { GeorefCandidate, GeorefReport, Origin, Place, Placing } from '../../api/georef'
import { convergence, toGlobe, toPark } from '../../tools/geodesy'

export type Point = readonly [number, number]

const USE: Record<string, string> = {
  'map-conversion': 'map-conversion',
  ePSet_MapConversion: 'property-set',
  'rigid-operation': 'rigid',
  coordinates: 'coordinates',
  site: 'site',
  local: 'local',
}

/** Corners of a rectangle in the park frame from a ring of longitudes and latitudes. */
export function ringInPark(origin: Origin, ring: readonly (readonly [number, number])[], height: number): Point[] {
  return ring.map(([longitude, latitude]) => {
    const [x, y] = toPark(origin, { longitude, latitude, height })
    return [x, y]
  })
}

/** The model's plan rectangle where a place would put it. */
export function rectangle(origin: Origin, report: GeorefReport, place: Place): Point[] {
  const [x, y] = toPark(origin, place)
  const turn = ((place.rotation_deg + convergence(origin, place)) * Math.PI) / 180
  const [c, s] = [Math.cos(turn), Math.sin(turn)]
  const [[x0, y0], [x1, y1], [ax, ay]] = [report.extent.low, report.extent.high, report.anchor]
  const corners: Point[] = [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]
  return corners.map(([u, v]) => [x + c * (u - ax) - s * (v - ay), y + s * (u - ax) + c * (v - ay)])
}

export function centre(ring: readonly Point[]): Point {
  const [a, b] = [ring[0] ?? [0, 0], ring[2] ?? [0, 0]]
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
}

/** Moved by metres in the park frame; height and rotation stay. */
export function moved(origin: Origin, place: Place, dx: number, dy: number): Place {
  const [x, y, z] = toPark(origin, place)
  const there = toGlobe(origin, [x + dx, y + dy, z])
  return { ...place, longitude: there.longitude, latitude: there.latitude }
}

/** Turned about the middle of its rectangle, so that it stays where it is seen. */
export function turned(origin: Origin, report: GeorefReport, place: Place, degrees: number): Place {
  const before = centre(rectangle(origin, report, place))
  const next = { ...place, rotation_deg: normal(place.rotation_deg + degrees) }
  const after = centre(rectangle(origin, report, next))
  return moved(origin, next, before[0] - after[0], before[1] - after[1])
}

/** An angle in (-180, 180]. */
export function normal(degrees: number): number {
  const turn = ((degrees % 360) + 360) % 360
  return turn > 180 ? turn - 360 : turn
}

/** What to ask the server for a candidate: its source by name, or its very place where the name means another one. */
export function placingOf(candidate: GeorefCandidate, report: GeorefReport): Placing {
  const first = report.candidates.find((one) => one.kind === candidate.kind && one.usable)
  const named = candidate.id.split(':')[0] === first?.id || candidate.id.startsWith(`${candidate.kind}:`)
  const use = USE[candidate.kind]
  if (use && named) return { use }
  return candidate.landing ? placingAt(candidate.landing.place, report) : {}
}

export function placingAt(place: Place, report: GeorefReport): Placing {
  const [x, y] = report.anchor
  return { place: { ...place, ...(x || y ? { anchor: report.anchor } : {}) } }
}
