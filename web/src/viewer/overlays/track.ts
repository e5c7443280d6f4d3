/** A track: where something was when. Plain arithmetic in park metres and epoch milliseconds. */
import type { Vec3 } from '../types'

export interface Track {
  id: string
  /** Rising; one for each point. */
  times: readonly number[]
  points: readonly Vec3[]
  /** 0xRRGGBB. */
  color: number
  label?: string
}

export interface Place {
  position: Vec3
  /** Radians clockwise from north; null where it stands. */
  heading: number | null
}

/** Throws where times and points do not fit each other. */
export function checkTrack({ id, times, points }: Track): void {
  if (times.length !== points.length || times.length === 0) throw new Error(`The track "${id}" has ${times.length} times and ${points.length} points: expected as many of both, at least one.`)
  if (times.some((t, i) => i > 0 && t <= (times[i - 1] as number))) throw new Error(`The times of the track "${id}" do not rise.`)
}

/** Where a track is at a moment, straight between its points; null before its first and after its last one. */
export function placeAt({ times, points }: Track, time: number): Place | null {
  const n = times.length
  if (!n || time < (times[0] as number) || time > (times[n - 1] as number)) return null
  let low = 0
  let high = n - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((times[middle] as number) <= time) low = middle
    else high = middle - 1
  }
  const a = points[low] as Vec3
  const b = points[Math.min(low + 1, n - 1)] as Vec3
  const from = times[low] as number
  const to = times[Math.min(low + 1, n - 1)] as number
  const t = to > from ? (time - from) / (to - from) : 0
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  return { position: [a[0] + dx * t, a[1] + dy * t, a[2] + (b[2] - a[2]) * t], heading: Math.hypot(dx, dy) > 1e-6 ? Math.atan2(dx, dy) : null }
}

/** First and last moment of all tracks. */
export function span(tracks: readonly Track[]): [number, number] {
  return [Math.min(...tracks.map(({ times }) => times[0] as number)), Math.max(...tracks.map(({ times }) => times.at(-1) as number))]
}
