/** Which rooms are comfortable: temperature and CO2 inside the bands offices are usually run in. */
import type { LiveStore } from '../api/live-store'
import { KINDS } from './kinds'

/** Design bands of the panel, not limits of a code. */
export const COMFORT = { temperature: [18, 27], co2: [0, 1000] } as const

export interface RoomIssue {
  gid: string
  name: string
  value: number
  unit: string
  /** Distance outside the band, in widths of the band. */
  excess: number
}

export interface Comfort {
  rooms: number
  comfortable: number
  worst: RoomIssue[]
}

const SHOWN = 8

export function comfort(live: LiveStore, now: number = Date.now()): Comfort {
  const rooms = new Map<string, RoomIssue | null>()
  const look = (kinds: readonly string[], [low, high]: readonly [number, number]): void => {
    for (const point of live.ofKinds(kinds)) {
      if (!live.isFresh(point, now)) continue
      const gid = live.columns?.gid[point] ?? ''
      const value = live.values[point] ?? 0
      const excess = Math.max(low - value, value - high, 0) / (high - low)
      const before = rooms.get(gid)
      if (excess <= 0) {
        if (before === undefined) rooms.set(gid, null)
      } else if (!before || before.excess < excess) {
        rooms.set(gid, { gid, value, excess, name: live.columns?.name[point] ?? gid, unit: live.columns?.unit[point] ?? '' })
      }
    }
  }
  look(KINDS.temperature, COMFORT.temperature)
  look(KINDS.co2, COMFORT.co2)
  const issues = [...rooms.values()].filter((issue) => issue !== null)
  return {
    rooms: rooms.size,
    comfortable: rooms.size - issues.length,
    worst: issues.sort((a, b) => b.excess - a.excess).slice(0, SHOWN),
  }
}
