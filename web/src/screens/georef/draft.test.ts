import { describe, expect, it } from 'vitest'

import type { GeorefCandidate, GeorefReport } from '../../api/georef'
import { toPark } from '../../tools/geodesy'
import { centre, moved, normal, placingAt, placingOf, rectangle, turned } from './draft'

const ORIGIN = { longitude: 114.4, latitude: 30.48, height: 22, crs: 'EPSG:4547' }
const PLACE = { longitude: 114.402, latitude: 30.482, height: 22, rotation_deg: 30 }

function candidate(id: string, kind: string, changes: Partial<GeorefCandidate> = {}): GeorefCandidate {
  const landing = { longitude: 0, latitude: 0, height: 0, distance_m: 0, rotation_deg: 0, grid_scale: null, convergence_deg: null, place: PLACE, ring: [] }
  return { id, kind, source: '', crs: '', usable: true, why: '', repair: '', used: false, landing, ...changes }
}

const REPORT = {
  anchor: [0, 0],
  extent: { low: [0, 0, 0], high: [40, 20, 9], strays: 0 },
  candidates: [candidate('map-conversion', 'map-conversion'), candidate('map-conversion-2', 'map-conversion'), candidate('site', 'site', { usable: false }), candidate('site:swapped', 'site')],
} as unknown as GeorefReport

describe('a place on the plan', () => {
  it('keeps the size of the model', () => {
    const ring = rectangle(ORIGIN, REPORT, PLACE)
    const side = (i: number): number => Math.hypot(ring[i + 1]![0] - ring[i]![0], ring[i + 1]![1] - ring[i]![1])
    expect(ring).toHaveLength(5)
    expect(side(0)).toBeCloseTo(40, 9)
    expect(side(1)).toBeCloseTo(20, 9)
    const [x, y] = toPark(ORIGIN, PLACE)
    expect(ring[0]![0]).toBeCloseTo(x, 9)
    expect(ring[0]![1]).toBeCloseTo(y, 9)
  })

  it('moves by metres', () => {
    const before = centre(rectangle(ORIGIN, REPORT, PLACE))
    const after = centre(rectangle(ORIGIN, REPORT, moved(ORIGIN, PLACE, 12.5, -3)))
    expect(after[0] - before[0]).toBeCloseTo(12.5, 4)
    expect(after[1] - before[1]).toBeCloseTo(-3, 4)
  })

  it('turns about its middle', () => {
    const next = turned(ORIGIN, REPORT, PLACE, 90)
    expect(next.rotation_deg).toBe(120)
    const [a, b] = [centre(rectangle(ORIGIN, REPORT, PLACE)), centre(rectangle(ORIGIN, REPORT, next))]
    expect(Math.hypot(a[0] - b[0], a[1] - b[1])).toBeLessThan(1e-3)
  })

  it('keeps angles short', () => {
    expect(normal(270)).toBe(-90)
    expect(normal(-190)).toBe(170)
    expect(normal(180)).toBe(180)
  })
})

describe('what the server is asked', () => {
  it('names the source where the name means this candidate', () => {
    const [first, second, , swapped] = REPORT.candidates as [GeorefCandidate, GeorefCandidate, GeorefCandidate, GeorefCandidate]
    expect(placingOf(first, REPORT)).toEqual({ use: 'map-conversion' })
    expect(placingOf(second, REPORT)).toEqual({ place: PLACE })
    expect(placingOf(swapped, REPORT)).toEqual({ use: 'site' })
  })

  it('carries the anchor of a model far from its origin', () => {
    expect(placingAt(PLACE, { ...REPORT, anchor: [528770, 3386666] })).toEqual({ place: { ...PLACE, anchor: [528770, 3386666] } })
  })
})
