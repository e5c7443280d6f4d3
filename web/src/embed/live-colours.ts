import type { StateTable } from '../viewer/types'
import type { ParkServer, PointTable } from './park-server'
import { STALE, viridis } from './ramp'

interface Frame {
  type: string
  points?: number[]
  values?: (number | null)[]
  quality?: number[]
  revision?: number
  time?: number
  code?: string
  message?: string
}

export interface Legend {
  kind: string
  unit: string
  min: number
  max: number
  /** Epoch milliseconds of the last frame, by the server's clock. */
  time: number
}

const RETRY_MS = [500, 1000, 2000, 5000, 10_000]

/**
 * Colours objects by the live values of one kind of point (`kind` empty: the kind with most points that stand on objects). Several
 * points on one object: the highest share counts. Reconnects by itself.
 */
export class LiveColours {
  private socket: WebSocket | null = null
  private table: PointTable | null = null
  private readonly values = new Map<number, number | null>()
  private byState = new Map<number, number[]>()
  private legend: Legend | null = null
  private attempts = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private stopped = false

  constructor(
    private readonly server: ParkServer,
    private readonly state: StateTable,
    private readonly kind: string,
    private readonly on: { legend: (legend: Legend) => void; error: (code: string, message: string) => void; scene: () => void },
  ) {}

  async start(): Promise<void> {
    const table = (this.table = await this.server.points())
    if (this.stopped) return
    const usable = table.point_id.map((_, i) => i).filter((i) => table.state[i] !== null)
    const kind = this.kind || mostFrequent(usable.map((i) => table.kind[i] as string))
    const chosen = usable.filter((i) => table.kind[i] === kind)
    const first = chosen[0]
    if (first === undefined) {
      this.on.error('no-points', `No point of kind ${kind || '(any)'} stands on an object of this scene.`)
      return
    }
    this.byState = group(chosen, (i) => table.state[i] as number)
    const known = (column: (number | null)[]) => chosen.map((i) => column[i]).filter((v): v is number => typeof v === 'number')
    this.legend = { kind, unit: table.unit[first] ?? '', min: Math.min(...known(table.min), Infinity), max: Math.max(...known(table.max), -Infinity), time: 0 }
    if (!(this.legend.min < this.legend.max)) Object.assign(this.legend, { min: 0, max: 1 })
    this.connect(kind)
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
    this.socket?.close()
    this.state.color([...this.byState.keys()], null)
  }

  private connect(kind: string): void {
    const socket = (this.socket = this.server.live())
    socket.onopen = () => {
      this.attempts = 0
      socket.send(JSON.stringify({ type: 'subscribe', id: 1, scope: { kinds: [kind] }, max_rate_hz: 2 }))
    }
    socket.onmessage = (event) => this.take(JSON.parse(String(event.data)) as Frame)
    socket.onclose = () => {
      if (this.stopped) return
      // A value that nobody hears any more is not shown as if it were.
      this.state.color([...this.byState.keys()], STALE)
      this.timer = setTimeout(() => this.connect(kind), RETRY_MS[Math.min(this.attempts++, RETRY_MS.length - 1)])
    }
  }

  private take(frame: Frame): void {
    if (frame.type === 'scene') this.on.scene()
    else if (frame.type === 'error') this.on.error(frame.code ?? 'live', frame.message ?? 'The live connection reported an error.')
    if ((frame.type !== 'snapshot' && frame.type !== 'delta') || !this.table || !this.legend) return
    const touched = new Set<number>()
    frame.points?.forEach((point, i) => {
      const good = frame.quality?.[i] === 0
      this.values.set(point, good ? (frame.values?.[i] ?? null) : null)
      const state = this.table?.state[point]
      if (typeof state === 'number' && this.byState.has(state)) touched.add(state)
    })
    const states = [...touched]
    this.state.color(states, states.map((state) => this.colour(state)))
    this.legend.time = frame.time ?? this.legend.time
    this.on.legend(this.legend)
  }

  private colour(state: number): number {
    const table = this.table as PointTable
    let share = -1
    for (const point of this.byState.get(state) ?? []) {
      const value = this.values.get(point)
      if (typeof value !== 'number') continue
      const low = table.min[point] ?? (this.legend as Legend).min
      const high = table.max[point] ?? (this.legend as Legend).max
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
