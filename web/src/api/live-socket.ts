/** The WebSocket of `/api/v1/live`: connects, subscribes, comes back after a break with growing pauses. */
import type { Alarm, LiveFrame, LiveMessage } from './types'

export type Connection = 'connecting' | 'live' | 'lost'

export interface SocketLike {
  send(text: string): void
  close(): void
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
}

export interface LiveSocketOptions {
  open: () => SocketLike
  /** The server said hello: load the points of this revision, then subscribe. */
  prepare: (revision: number) => Promise<void>
  onFrame: (frame: LiveFrame) => void
  onAlarm: (event: string, alarm: Alarm) => void
  onScene: (revision: number) => void
  onConnection: (connection: Connection) => void
  onClock: (serverTime: number) => void
  maxRateHz?: number
  /** 0..1; tests give a constant. */
  random?: () => number
  setTimer?: (callback: () => void, ms: number) => unknown
  clearTimer?: (timer: unknown) => void
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 15_000
/** The server ticks at least this often when asked by a ping; silence longer than that is a break. */
const PING_EVERY_MS = 10_000
const SILENT_AFTER_MS = 25_000
/** Frames a second while nobody looks; alarms come at once all the same. */
const SLOW_HZ = 0.1
const QUICK_HZ = 5

/** Pause before attempt n (from 0): doubling, capped, with a fifth of jitter so clients do not return in step. */
export function pauseMs(attempt: number, random: number): number {
  const base = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt)
  return Math.round(base * (0.9 + 0.2 * random))
}

export class LiveSocket {
  private socket: SocketLike | null = null
  private attempt = 0
  private stopped = true
  private subscription = 0
  /** The subscription that the server knows, 0 for none. */
  private asked = 0
  private slow = false
  private timer: unknown = null
  private pinger: unknown = null
  private lastHeard = 0
  private pingId = 1_000_000
  private readonly options: LiveSocketOptions

  constructor(options: LiveSocketOptions) {
    this.options = options
  }

  start(): void {
    if (!this.stopped) return
    this.stopped = false
    this.connect()
  }

  stop(): void {
    this.stopped = true
    this.clear(this.timer)
    this.clear(this.pinger)
    const socket = this.socket
    this.socket = null
    this.asked = 0
    socket?.close()
  }

  /** While the page is hidden; the values of now come with the snapshot that follows when it is seen again. */
  setSlow(slow: boolean): void {
    if (slow === this.slow) return
    this.slow = slow
    if (this.socket && this.asked === this.subscription && this.asked > 0) this.ask(this.socket, this.asked)
  }

  private connect(): void {
    if (this.stopped) return
    this.options.onConnection('connecting')
    const socket = this.options.open()
    this.socket = socket
    this.lastHeard = Date.now()
    socket.addEventListener('message', (event) => {
      if (this.socket === socket && typeof event.data === 'string') this.receive(socket, event.data)
    })
    socket.addEventListener('close', () => this.lost(socket))
    socket.addEventListener('error', () => socket.close())
    socket.addEventListener('open', () => {
      if (this.socket === socket) this.ping(socket)
    })
  }

  private lost(socket: SocketLike): void {
    if (this.socket !== socket) return
    this.socket = null
    this.asked = 0
    this.clear(this.pinger)
    if (this.stopped) return
    this.options.onConnection('lost')
    const random = (this.options.random ?? Math.random)()
    this.timer = this.later(() => this.connect(), pauseMs(this.attempt++, random))
  }

  private receive(socket: SocketLike, text: string): void {
    this.lastHeard = Date.now()
    const message = JSON.parse(text) as LiveMessage
    switch (message.type) {
      case 'hello':
        this.options.onClock(message.time)
        void this.subscribe(socket, message.revision)
        break
      case 'snapshot':
      case 'delta':
        if (message.id !== this.subscription) return
        this.options.onFrame(message)
        if (message.type === 'snapshot') {
          this.attempt = 0
          this.options.onConnection('live')
        }
        break
      case 'alarm':
        this.options.onAlarm(message.event, message.alarm)
        break
      case 'scene':
        this.options.onScene(message.revision)
        void this.subscribe(socket, message.revision)
        break
      default:
        break
    }
  }

  private async subscribe(socket: SocketLike, revision: number): Promise<void> {
    const before = this.subscription
    // Frames of the old subscription speak of old indices: from here on they are dropped.
    const id = ++this.subscription
    try {
      await this.options.prepare(revision)
    } catch {
      socket.close()
      return
    }
    if (this.socket !== socket || this.subscription !== id) return
    if (before > 0) socket.send(JSON.stringify({ type: 'unsubscribe', id: before }))
    this.ask(socket, id)
  }

  private ask(socket: SocketLike, id: number): void {
    this.asked = id
    const rate = this.options.maxRateHz ?? QUICK_HZ
    socket.send(JSON.stringify({ type: 'subscribe', id, scope: {}, max_rate_hz: this.slow ? Math.min(SLOW_HZ, rate) : rate }))
  }

  private ping(socket: SocketLike): void {
    this.pinger = this.later(() => {
      if (this.socket !== socket) return
      if (Date.now() - this.lastHeard > SILENT_AFTER_MS) {
        socket.close()
        this.lost(socket)
        return
      }
      socket.send(JSON.stringify({ type: 'ping', id: ++this.pingId }))
      this.ping(socket)
    }, PING_EVERY_MS)
  }

  private later(callback: () => void, ms: number): unknown {
    return (this.options.setTimer ?? setTimeout)(callback, ms)
  }

  private clear(timer: unknown): void {
    if (timer !== null) (this.options.clearTimer ?? ((value) => clearTimeout(value as number)))(timer)
  }
}
