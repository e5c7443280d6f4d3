/**
 * Colours the objects of the stage by the live values of a theme. The first picture paints all of
 * them, later ones only those whose points changed; objects with no current value turn grey.
 */
import type { LiveStore } from '../api/live-store'
import type { StateTable } from '../viewer/types'
import { niceRange, rampColor } from './ramps'
import { ofStates } from './ranges'
import type { Range } from './ranges'
import type { Theme } from './themes'

export interface ThemeLegend {
  theme: Theme
  low: number
  high: number
  unit: string
  /** Objects with a current value, and all objects of the theme. */
  fresh: number
  total: number
}

interface Reading {
  value: number
  count: number
}

/** Mean of the fresh values of one object's points of the theme. */
function readObject(live: LiveStore, points: readonly number[], now: number): Reading {
  let sum = 0
  let count = 0
  for (const point of points) {
    if (!live.isFresh(point, now)) continue
    sum += live.values[point] ?? 0
    count++
  }
  return { value: count > 0 ? sum / count : Number.NaN, count }
}

/** Limits from the values present: 2nd to 98th percentile, rounded outward. */
export function observedRange(values: readonly number[]): [number, number] {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b)
  if (sorted.length === 0) return [0, 1]
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0
  const low = at(0.02)
  return niceRange(low >= 0 && low < at(0.98) / 3 ? 0 : low, at(0.98))
}

export class LiveTheme {
  private readonly pointsOf = new Map<number, number[]>()
  private readonly stateOf = new Map<number, number>()
  private range: [number, number] = [0, 1]
  private unit = ''
  private stopFrames: (() => void) | null = null
  private stopReset: (() => void) | null = null
  private readonly fresh = new Set<number>()
  private ranged = false
  private stateColors: number[] = []
  private staleColor = 0
  private theme: Theme | null = null

  constructor(
    private readonly live: LiveStore,
    private readonly state: StateTable,
    /** Colour of a token as 0xRRGGBB. */
    private readonly tokenColor: (name: string) => number,
    private readonly onLegend: (legend: ThemeLegend | null) => void,
  ) {}

  /** State indices the theme colours. */
  get ranges(): Range[] {
    return ofStates(this.pointsOf.keys())
  }

  start(theme: Theme): void {
    this.stop()
    this.theme = theme
    this.collect()
    this.stopFrames = this.live.onFrame((changed) => this.paintPoints(changed))
    this.stopReset = this.live.onReset(() => {
      this.state.clearColors()
      this.collect()
    })
  }

  stop(): void {
    this.stopFrames?.()
    this.stopReset?.()
    this.stopFrames = this.stopReset = null
    if (this.theme) this.state.clearColors()
    this.theme = null
    this.pointsOf.clear()
    this.stateOf.clear()
    this.onLegend(null)
  }

  /** Value shown for an object, NaN where there is none. */
  valueOf(state: number): number {
    return readObject(this.live, this.pointsOf.get(state) ?? [], Date.now()).value
  }

  private collect(): void {
    const theme = this.theme
    if (!theme) return
    this.pointsOf.clear()
    this.stateOf.clear()
    this.fresh.clear()
    this.ranged = false
    this.unit = ''
    this.stateColors = (theme.states ?? []).map((one) => this.tokenColor(one.color))
    this.staleColor = this.tokenColor('--severity-stale')
    const columns = this.live.columns
    for (const point of this.live.ofKinds(theme.kinds)) {
      const state = columns?.state[point]
      if (state === null || state === undefined) continue
      this.unit ||= columns?.unit[point] ?? ''
      this.stateOf.set(point, state)
      const list = this.pointsOf.get(state)
      if (list) list.push(point)
      else this.pointsOf.set(state, [point])
    }
    this.paint([...this.pointsOf.keys()])
  }

  private colorFor(theme: Theme, value: number, low: number, high: number): number | null {
    if (!theme.states) return rampColor(theme.ramp, value, low, high)
    if (!Number.isFinite(value)) return null
    // Of several points of one object the worst state counts: any value above the lower state is the upper one.
    return this.stateColors[Math.min(this.stateColors.length - 1, Math.ceil(value))] ?? null
  }

  private paintPoints(changed: readonly number[]): void {
    const states = new Set<number>()
    for (const point of changed) {
      const state = this.stateOf.get(point)
      if (state !== undefined) states.add(state)
    }
    if (states.size > 0) this.paint([...states])
  }

  private paint(states: number[]): void {
    const theme = this.theme
    if (!theme) return
    const now = Date.now()
    const values = states.map((state) => readObject(this.live, this.pointsOf.get(state) ?? [], now).value)
    if (!this.ranged && values.some(Number.isFinite)) {
      this.range = theme.range ? [theme.range[0], theme.range[1]] : observedRange(values)
      this.ranged = true
    }
    const [low, high] = this.range
    const colors = new Uint32Array(states.length)
    for (let row = 0; row < states.length; row++) {
      const state = states[row] ?? 0
      const color = this.colorFor(theme, values[row] ?? Number.NaN, low, high)
      if (color === null) this.fresh.delete(state)
      else this.fresh.add(state)
      colors[row] = color ?? this.staleColor
    }
    this.state.color(states, colors)
    this.onLegend({ theme, low, high, unit: this.unit, fresh: this.fresh.size, total: this.pointsOf.size })
  }
}
