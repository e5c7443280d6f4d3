import { frameOf } from '../live/frame'
import type { LiveFrame } from '../live/types'
import type { ParkServer } from './park-server'
import type { Scope } from './types'

/** A text of `docs/reference/live.md` from the server that is of use here. */
interface Told {
  type: string
  revision?: number
  code?: string
  message?: string
}

interface Wish {
  scope: Scope
  rate: number
  take: (frame: LiveFrame) => void
}

export interface LinkEvents {
  /** Another scene is published: points have other places. Frames are held back until `resume`. */
  scene: () => void
  connection: (state: 'live' | 'lost') => void
  error: (code: string, message: string) => void
  /** The server ended the connection because the caller may not have it any more. */
  ended: () => void
}

const RETRY_MS = [500, 1000, 2000, 5000, 10_000, 30_000]
const SIGNED_OUT = 4401
/** Messages a second while nobody looks. */
const SLOW_HZ = 0.1
/** Frames on the way: one that is read, and one that comes meanwhile. */
const WINDOW = 2

/** One live connection for all subscriptions of a widget; opened with the first, kept up, slowed while nobody looks. */
export class LiveLink {
  private socket: WebSocket | null = null
  private readonly wishes = new Map<number, Wish>()
  private next = 1
  private attempts = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private greeted = false
  private held = false
  private slow = false
  private closed = false

  constructor(
    private readonly server: ParkServer,
    private revision: number,
    private readonly on: LinkEvents,
  ) {}

  /** Follow the points of a scope; returns the subscription's number. */
  add(scope: Scope, rate: number, take: (frame: LiveFrame) => void): number {
    const id = this.next++
    const wish = { scope, rate, take }
    this.wishes.set(id, wish)
    if (this.greeted) this.ask(id, wish)
    else if (!this.socket && this.timer === undefined) this.connect()
    return id
  }

  /** Whether there was such a subscription. */
  remove(id: number): boolean {
    const there = this.wishes.delete(id)
    if (there && this.greeted) this.send({ type: 'unsubscribe', id })
    return there
  }

  setSlow(slow: boolean): void {
    if (slow === this.slow) return
    this.slow = slow
    if (this.greeted && !this.held) this.askAll()
  }

  /** The points of `revision` are known: go on with fresh snapshots. */
  resume(revision: number): void {
    this.revision = revision
    if (!this.held) return
    this.held = false
    if (this.greeted) this.askAll()
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
    this.socket?.close()
    this.wishes.clear()
  }

  private connect(): void {
    this.timer = undefined
    const socket = (this.socket = this.server.live())
    socket.binaryType = 'arraybuffer'
    socket.onmessage = ({ data }: MessageEvent<unknown>) => (data instanceof ArrayBuffer ? this.take(frameOf(data)) : this.hear(JSON.parse(String(data)) as Told))
    socket.onclose = ({ code }) => {
      this.socket = null
      this.greeted = false
      if (this.closed) return
      if (this.attempts === 0) this.on.connection('lost')
      // A refused handshake looks like any other failure; whoever asked finds out why by HTTP.
      if (code === SIGNED_OUT) this.on.ended()
      const wait = RETRY_MS[Math.min(this.attempts++, RETRY_MS.length - 1)] as number
      this.timer = setTimeout(() => this.connect(), wait)
    }
  }

  private take(frame: LiveFrame): void {
    const wish = this.held ? undefined : this.wishes.get(frame.id)
    if (!wish) return
    wish.take(frame)
    this.send({ type: 'ack', id: frame.id })
  }

  private hear(told: Told): void {
    if (told.type === 'hello') {
      this.greeted = true
      if (this.attempts > 0) this.on.connection('live')
      this.attempts = 0
      if (told.revision !== undefined && told.revision !== this.revision) this.hold()
      else if (!this.held) this.askAll()
    } else if (told.type === 'scene') this.hold()
    else if (told.type === 'error') this.on.error(told.code ?? 'live', told.message ?? 'The live connection reported an error.')
  }

  private hold(): void {
    this.held = true
    this.on.scene()
  }

  private askAll(): void {
    for (const [id, wish] of this.wishes) this.ask(id, wish)
  }

  private ask(id: number, { scope, rate }: Wish): void {
    this.send({ type: 'subscribe', id, scope, max_rate_hz: this.slow ? Math.min(SLOW_HZ, rate) : rate, window: WINDOW })
  }

  private send(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message))
  }
}
