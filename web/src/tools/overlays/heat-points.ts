/** Which points make a heat layer: those of a quantity that are measured at a place now. Pure. */
import type { LiveStore } from '../../api/live-store'
import type { SceneLayer } from '../../viewer/types'
import type { SpacePoint } from '../../viewer/overlays/field-3d'
import { isBuilding } from '../buildings'
import { KINDS } from '../kinds'
import type { RampName } from '../ramps'
import type { HeatChoice, Quantity } from './choice'
import type { Places } from './park-data'

/** Ramp, and the usual range where the field's own limits would make small differences look large. */
export const SCALES: Record<Quantity, { ramp: RampName; range: readonly [number, number] | null }> = {
  temperature: { ramp: 'viridis', range: [18, 28] },
  humidity: { ramp: 'cividis', range: [30, 80] },
  co2: { ramp: 'viridis', range: [400, 1400] },
  people: { ramp: 'cividis', range: null },
  pm25: { ramp: 'viridis', range: null },
  noise: { ramp: 'viridis', range: [30, 80] },
  outdoor: { ramp: 'viridis', range: null },
}

/** Measured out of doors, and so on the ground. */
export const OUTDOORS: readonly Quantity[] = ['pm25', 'noise', 'outdoor']

/** Farther than this from every point a field has no value, metres. */
export const REACH = { ground: 180, storey: 25, volume: 25 } as const

/** A field of fewer points says nothing between them. */
export const FEWEST = 3

export interface HeatPoints {
  points: SpacePoint[]
  unit: string
  /** Points of the quantity at the place, with a current value or without. */
  total: number
}

/** Fresh points of a quantity: out of doors, on a storey (`storey` its gid), or in a building. */
export function heatPoints(live: LiveStore, places: Places, layers: readonly SceneLayer[], choice: HeatChoice, storey: string | null, now: number = Date.now()): HeatPoints {
  const inside = new Set(layers.filter(isBuilding).map(({ layer }) => layer))
  const points: SpacePoint[] = []
  let total = 0
  let unit = ''
  for (const index of live.ofKinds(KINDS[choice.quantity])) {
    const [x, y, z, layer] = [places.x[index] ?? NaN, places.y[index] ?? NaN, places.z[index] ?? NaN, places.layer[index]]
    if (!Number.isFinite(x + y + z) || !layer) continue
    const here = choice.place === 'ground' ? !inside.has(layer) : choice.place === 'storey' ? places.storey[index] === storey : layer === choice.layer
    if (!here) continue
    total++
    unit ||= live.columns?.unit[index] ?? ''
    if (live.isFresh(index, now)) points.push({ x, y, z, value: live.values[index] as number })
  }
  return { points, unit, total }
}
