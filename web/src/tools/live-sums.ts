/** Sums and means of live values over the park and by layer: what the panels show. */
import type { LiveStore } from '../api/live-store'

export interface Summary {
  sum: number
  mean: number
  min: number
  max: number
  /** Points with a current value, and all points. */
  fresh: number
  total: number
}

export function summarise(live: LiveStore, points: readonly number[], now: number = Date.now()): Summary {
  let sum = 0
  let fresh = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const point of points) {
    if (!live.isFresh(point, now)) continue
    const value = live.values[point] ?? 0
    sum += value
    fresh++
    if (value < min) min = value
    if (value > max) max = value
  }
  return {
    sum: fresh > 0 ? sum : Number.NaN,
    mean: fresh > 0 ? sum / fresh : Number.NaN,
    min: fresh > 0 ? min : Number.NaN,
    max: fresh > 0 ? max : Number.NaN,
    fresh,
    total: points.length,
  }
}

/** The layer of a gid is its part before the first slash. */
export function layerOfGid(gid: string): string {
  const slash = gid.indexOf('/')
  return slash < 0 ? gid : gid.slice(0, slash)
}

/** Points of these kinds by the layer of the object that shows them. */
export function pointsByLayer(live: LiveStore, kinds: readonly string[]): Map<string, number[]> {
  const groups = new Map<string, number[]>()
  for (const point of live.ofKinds(kinds)) {
    const layer = layerOfGid(live.columns?.gid[point] ?? '')
    const list = groups.get(layer)
    if (list) list.push(point)
    else groups.set(layer, [point])
  }
  return groups
}

export interface DeviceHealth {
  online: number
  stale: number
  silent: number
  total: number
}

/** A device is online when one of its points is current, stale when one was heard before, else silent. */
export function deviceHealth(live: LiveStore, now: number = Date.now()): DeviceHealth {
  const best = new Map<string, number>()
  const columns = live.columns
  const count = live.size
  for (let point = 0; point < count; point++) {
    const device = columns?.device_state[point]
    const key = device === null || device === undefined ? `p${point}` : `d${device}`
    const level = live.isFresh(point, now) ? 2 : (live.heardAt[point] ?? 0) > 0 ? 1 : 0
    if ((best.get(key) ?? -1) < level) best.set(key, level)
  }
  const health = { online: 0, stale: 0, silent: 0, total: best.size }
  for (const level of best.values()) {
    if (level === 2) health.online++
    else if (level === 1) health.stale++
    else health.silent++
  }
  return health
}
