/** What is measured from points in park metres: plain arithmetic, and how the values are written. */
import type { Vec3 } from '../../types'

export const MEASURE_KINDS = ['distance', 'height', 'angle', 'area', 'point', 'clearance'] as const
export type MeasureKind = (typeof MEASURE_KINDS)[number]

/** One measurement. Points, distances in metres; park axes. */
export interface Measurement {
  id: number
  kind: MeasureKind
  points: readonly Vec3[]
  /** Metres (distance, height, clearance, height of a point), square metres (area) or degrees (angle). */
  value: number
  unit: 'm' | 'm²' | '°'
  /** First and last point, and what lies between them. */
  from: Vec3
  to: Vec3
  distance: number
  dx: number
  dy: number
  dz: number
  /** Length of the outline of an area. */
  perimeter?: number
  /** Area as seen from above. */
  planArea?: number
}

/** Clicks that end a measurement; an area is ended by hand. */
export const CLICKS: Record<MeasureKind, number> = { point: 1, distance: 2, height: 2, angle: 3, area: Infinity, clearance: 1 }
/** Points below which there is nothing to end. */
const LEAST_AREA_POINTS = 3

const minus = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

/** Angle at `b`, degrees. */
export function angleAt(a: Vec3, b: Vec3, c: Vec3): number {
  const [u, v] = [minus(a, b), minus(c, b)]
  const lengths = Math.hypot(...u) * Math.hypot(...v)
  return lengths > 0 ? (Math.acos(Math.min(1, Math.max(-1, dot(u, v) / lengths))) * 180) / Math.PI : 0
}

/** Newell's vector of a polygon: as long as its area, along its normal; its third part is the area seen from above. */
export function areaVector(points: readonly Vec3[]): Vec3 {
  const sum: Vec3 = [0, 0, 0]
  points.forEach((p, i) => {
    const q = points[(i + 1) % points.length] as Vec3
    sum[0] += ((p[1] - q[1]) * (p[2] + q[2])) / 2
    sum[1] += ((p[2] - q[2]) * (p[0] + q[0])) / 2
    sum[2] += ((p[0] - q[0]) * (p[1] + q[1])) / 2
  })
  return sum
}

/** The measurement of a kind through points, or null where there are too few. */
export function measure(kind: MeasureKind, points: readonly Vec3[], id = 0): Measurement | null {
  const from = points[0]
  const to = points.at(-1)
  if (!from || !to || points.length < (kind === 'area' ? LEAST_AREA_POINTS : kind === 'clearance' ? 2 : CLICKS[kind])) return null
  const [dx, dy, dz] = minus(to, from)
  const base = { id, kind, points: [...points], from, to, distance: Math.hypot(dx, dy, dz), dx, dy, dz, unit: 'm' as const }
  if (kind === 'distance' || kind === 'clearance') return { ...base, value: base.distance }
  if (kind === 'height') return { ...base, value: Math.abs(dz) }
  if (kind === 'point') return { ...base, value: from[2] }
  if (kind === 'angle') return { ...base, unit: '°', value: angleAt(from, points[1] as Vec3, to) }
  const vector = areaVector(points)
  const perimeter = points.reduce((sum, p, i) => sum + Math.hypot(...minus(points[(i + 1) % points.length] as Vec3, p)), 0)
  return { ...base, unit: 'm²', value: Math.hypot(...vector), planArea: Math.abs(vector[2]), perimeter }
}

/** Metres for a person: centimetres below a hundred, decimetres above. */
export function metres(value: number): string {
  const text = value.toFixed(Math.abs(value) < 100 ? 2 : 1)
  return `${/^-0\.0+$/.test(text) ? text.slice(1) : text} m`
}

/** The value, and what stands below it; signs only, so that no language is needed. */
export function wording(m: Measurement): [string, string] {
  switch (m.kind) {
    case 'distance':
      return [metres(m.value), `Δx ${metres(m.dx)}  Δy ${metres(m.dy)}  Δz ${metres(m.dz)}`]
    case 'height':
      return [`↕ ${metres(m.value)}`, `${metres(m.from[2])} → ${metres(m.to[2])}`]
    case 'clearance':
      return [`↔ ${metres(m.value)}`, '']
    case 'angle':
      return [`∠ ${m.value.toFixed(1)}°`, '']
    case 'area':
      return [`${m.value.toFixed(m.value < 100 ? 2 : 1)} m²`, `⊥ ${(m.planArea ?? 0).toFixed(1)} m²  ∮ ${metres(m.perimeter ?? 0)}`]
    case 'point':
      return [`z ${metres(m.value)}`, `x ${metres(m.from[0])}  y ${metres(m.from[1])}`]
  }
}
