/**
 * Latest value of every point, in typed arrays by point index. Nothing here is React state: readers
 * subscribe to frames (at most one call per animation frame) and look the values up themselves.
 */
import type { LiveFrame } from '../live/types'
import type { PointColumns } from './types'
import { QUALITY } from './types'

export type FrameListener = (changed: readonly number[]) => void
/** Runs a callback at the next picture; tests give their own. */
export type Scheduler = (callback: () => void) => void

/** After this long without a connection every value counts as old. */
export const LOST_AFTER_MS = 10_000

export class LiveStore {
  columns: PointColumns | null = null
  values = new Float64Array(0)
  quality = new Uint8Array(0)
  changedAt = new Float64Array(0)
  heardAt = new Float64Array(0)
  /** Server clock minus local clock, ms. */
  skewMs = 0
  /** The past moment that is shown, epoch ms; null while the present is. */
  pastAt: number | null = null
  /** Server time of the latest frame, epoch ms; 0 before the first. */
  frameAt = 0
  /** Local time since when there is no connection; null while connected. */
  lostSince: number | null = null

  private readonly listeners = new Set<FrameListener>()
  private readonly resetListeners = new Set<() => void>()
  private readonly changed = new Set<number>()
  private readonly byKind = new Map<string, number[]>()
  private readonly byId = new Map<string, number>()
  private readonly byState = new Map<number, number[]>()
  private scheduled = false
  private readonly schedule: Scheduler

  constructor(schedule: Scheduler = (callback) => void requestAnimationFrame(callback)) {
    this.schedule = schedule
  }

  get size(): number {
    return this.values.length
  }

  /** Take the points of `GET /points`; all values are unheard until the next snapshot. */
  setPoints(columns: PointColumns): void {
    const count = columns.point_id.length
    this.columns = columns
    this.values = new Float64Array(count).fill(Number.NaN)
    this.quality = new Uint8Array(count).fill(QUALITY.never)
    this.changedAt = new Float64Array(count)
    this.heardAt = new Float64Array(count)
    this.changed.clear()
    this.byKind.clear()
    this.byId.clear()
    this.byState.clear()
    for (let index = 0; index < count; index++) {
      push(this.byKind, columns.kind[index] ?? '', index)
      this.byId.set(columns.point_id[index] ?? '', index)
      const state = columns.state[index]
      if (state !== null && state !== undefined) push(this.byState, state, index)
    }
    for (const listener of [...this.resetListeners]) listener()
  }

  /** Write a snapshot or delta; indices outside the known points are left out. */
  apply(frame: LiveFrame): void {
    const { points, values, quality, changed_at: changedAt, heard_at: heardAt } = frame
    for (let row = 0; row < points.length; row++) {
      const index = points[row] ?? -1
      if (index < 0 || index >= this.values.length) continue
      this.values[index] = values[row] ?? Number.NaN // JSON has null
      this.quality[index] = quality[row] ?? QUALITY.never
      this.changedAt[index] = changedAt[row] ?? 0
      this.heardAt[index] = heardAt[row] ?? 0
      this.changed.add(index)
    }
    this.frameAt = frame.time
    this.pastAt = frame.past ? frame.time : null
    if (this.changed.size > 0) this.flushSoon()
  }

  /** Called once per picture in which values changed. */
  onFrame(listener: FrameListener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Called when the points themselves were replaced: indices mean something else now. */
  onReset(listener: () => void): () => void {
    this.resetListeners.add(listener)
    return () => this.resetListeners.delete(listener)
  }

  ofKinds(kinds: readonly string[]): number[] {
    return kinds.flatMap((kind) => this.byKind.get(kind) ?? [])
  }

  kinds(): string[] {
    return [...this.byKind.keys()]
  }

  ofState(state: number): readonly number[] {
    return this.byState.get(state) ?? []
  }

  indexOf(pointId: string): number {
    return this.byId.get(pointId) ?? -1
  }

  /** Quality as shown: what was good turns stale when the connection has been lost for a while. */
  shownQuality(index: number, now: number = Date.now()): number {
    const quality = this.quality[index] ?? QUALITY.never
    if (quality === QUALITY.good && this.lostSince !== null && now - this.lostSince > LOST_AFTER_MS) return QUALITY.stale
    return quality
  }

  /** A number that may be shown as current: heard, finite, neither stale nor bad. */
  isFresh(index: number, now: number = Date.now()): boolean {
    return this.shownQuality(index, now) === QUALITY.good && Number.isFinite(this.values[index])
  }

  /** Milliseconds since the point was last heard, by the server's clock; Infinity when never. */
  ageMs(index: number, now: number = Date.now()): number {
    const heard = this.heardAt[index] ?? 0
    return heard > 0 ? Math.max(0, this.time(now) - heard) : Number.POSITIVE_INFINITY
  }

  /** The moment that the screen shows, epoch ms: now by the server's clock, or the past one. */
  time(now: number = Date.now()): number {
    return this.pastAt ?? now + this.skewMs
  }

  /** Mark everything as changed: the connection went or came back, so staleness must be drawn anew. */
  touchAll(): void {
    for (let index = 0; index < this.values.length; index++) this.changed.add(index)
    this.flushSoon()
  }

  private flushSoon(): void {
    if (this.scheduled) return
    this.scheduled = true
    this.schedule(() => {
      this.scheduled = false
      const changed = [...this.changed]
      this.changed.clear()
      for (const listener of [...this.listeners]) listener(changed)
    })
  }
}

function push<K>(map: Map<K, number[]>, key: K, index: number): void {
  const list = map.get(key)
  if (list) list.push(index)
  else map.set(key, [index])
}
