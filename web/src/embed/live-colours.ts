import type { StateTable } from '../viewer/types'
import { Refused } from './check'
import type { LiveFrame } from '../live/types'
import type { LiveLink } from './live-link'
import type { PointTable } from './park-server'
import { STALE, viridis } from './ramp'

export interface Legend {
  kind: string
  unit: string
  min: number
  max: number
  /** Epoch milliseconds of the last frame, by the server's clock. */
  time: number
}

const RATE_HZ = 2

/**
 * Colours objects by the live values of one kind of point (`kind` empty: the kind with most points that stand on objects). Several
 * points on one object: the highest share counts.
 */
export class LiveColours {
  readonly legend: Legend
  private readonly values = new Map<number, number | null>()
  private readonly byState: Map<number, number[]>
  private readonly subscription: number

  /** Throws Refused where no such point stands on an object. */
  constructor(
    private readonly link: LiveLink,
    private readonly table: PointTable,
    private readonly state: StateTable,
    wanted: string,
    private readonly shown: (legend: Legend) => void,
  ) {
    const usable = table.point_id.map((_, i) => i).filter((i) => typeof table.state[i] === 'number')
    const kind = wanted || mostFrequent(usable.map((i) => table.kind[i] as string))
    const chosen = usable.filter((i) => table.kind[i] === kind)
    const first = chosen[0]
    if (first === undefined) throw new Refused('no-points', `No point of kind ${kind || '(any)'} stands on an object of this scene.`)
    this.byState = group(chosen, (i) => table.state[i] as number)
    const known = (column: (number | null)[]) => chosen.map((i) => column[i]).filter((v): v is number => typeof v === 'number')
    const [min, max] = [Math.min(...known(table.min), Infinity), Math.max(...known(table.max), -Infinity)]
    this.legend = { kind, unit: table.unit[first] ?? '', min: min < max ? min : 0, max: min < max ? max : 1, time: 0 }
    this.subscription = link.add({ kinds: [kind] }, RATE_HZ, (frame) => this.take(frame))
  }

  /** A value that nobody hears any more is not shown as if it were. */
  lost(): void {
    this.state.color([...this.byState.keys()], STALE)
  }

  stop(): void {
    this.link.remove(this.subscription)
    this.state.color([...this.byState.keys()], null)
  }

  private take(frame: LiveFrame): void {
    const touched = new Set<number>()
    for (let row = 0; row < frame.points.length; row++) {
      const point = frame.points[row] as number
      this.values.set(point, frame.quality[row] === 0 ? (frame.values[row] ?? null) : null)
      const state = this.table.state[point]
      if (typeof state === 'number' && this.byState.has(state)) touched.add(state)
    }
    const states = [...touched]
    this.state.color(states, states.map((state) => this.colour(state)))
    this.legend.time = frame.time
    this.shown(this.legend)
  }

  private colour(state: number): number {
    const { table, legend } = this
    let share = -1
    for (const point of this.byState.get(state) ?? []) {
      const value = this.values.get(point)
      if (typeof value !== 'number') continue
      const low = table.min[point] ?? legend.min
      const high = table.max[point] ?? legend.max
      share = Math.max(share, Math.min(1, Math.max(0, (value - low) / (high - low || 1))))
    }
    return share < 0 ? STALE : viridis(share)
  }
}

function group(items: readonly number[], key: (item: number) => number): Map<number, number[]> {
  const out = new Map<number, number[]>()
  for (const item of items) {
    const list = out.get(key(item))
    if (list) list.push(item)
    else out.set(key(item), [item])
  }
  return out
}

function mostFrequent(words: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? ''
}
