/**
 * A live connection to a park server: subscriptions, events, replay and commands, kept up over breaks. Needs no framework.
 *
 *     const live = new LiveClient({ server: 'https://park.example', token })
 *     live.subscribe({ kinds: ['co2'] }, 2, (frame) => draw(frame.points, frame.values))
 *     live.start()
 */
import { frameOf } from './frame'
import { Pending } from './pending'
import type {
  Command,
  CommandWish,
  LiveEvent,
  LiveFrame,
  LiveOptions,
  LiveScope,
  ReplayState,
  ReplayWish,
  SocketLike,
  Subscription,
} from './types'

const PROTOCOLS = ['parktwin.binary', 'parktwin.json']
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 15_000
/** The server answers a ping; silence longer than this is a break. */
const PING_EVERY_MS = 10_000
const SILENT_AFTER_MS = 25_000
/** Frames on the way before one is taken: the network must not hold old ones. */
const WINDOW = 2

/** Pause before attempt n (from 0): doubling, capped, with a fifth of jitter so clients do not return in step. */
export function pauseMs(attempt: number, random: number): number {
  const base = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt)
  return Math.round(base * (0.9 + 0.2 * random))
}

function isFrame(message: LiveEvent | LiveFrame): message is LiveFrame {
  return message.type === 'snapshot' || message.type === 'delta'
}

interface Wish {
  scope: LiveScope
  rate: number
  take: (frame: LiveFrame) => void
}

export class LiveClient {
  /** Where a replay stands; null while the present is shown. */
  replayState: ReplayState | null = null

  private socket: SocketLike | null = null
  private attempt = 0
  private stopped = true
  /** By their number on the wire; numbers are new at each connection and scene, so that old frames mean nothing. */
  private wishes = new Map<number, Wish>()
  private next = 1
  private ready = false
  private asking = 0
  private timer: unknown = null
  private pinger: unknown = null
  private lastHeard = 0
  private pings = 0

  constructor(private readonly options: LiveOptions = {}) {}

  start(): void {
    if (!this.stopped) return
    this.stopped = false
    this.connect()
  }

  stop(): void {
    this.stopped = true
    this.clear(this.timer)
    this.clear(this.pinger)
    const { socket } = this
    this.socket = null
    this.ready = false
    this.replayState = null
    socket?.close()
  }

  /** Follow a scope, at most `rate` frames a second. The first frame, and the first after a break, is a snapshot. */
  subscribe(scope: LiveScope, rate: number, take: (frame: LiveFrame) => void): Subscription {
    const wish: Wish = { scope, rate, take }
    this.wishes.set(this.next++, wish)
    this.ask(wish)
    return {
      setRate: (hz) => {
        if (hz === wish.rate) return
        wish.rate = hz
        this.ask(wish)
      },
      close: () => {
        const id = this.idOf(wish)
        if (id === undefined) return
        this.wishes.delete(id)
        if (this.ready) this.send({ type: 'unsubscribe', id })
      },
    }
  }

  /** The same as an iterator; frames that come while nobody asks are merged. Leaving the loop ends the subscription. */
  async *frames(scope: LiveScope, rate: number): AsyncGenerator<LiveFrame, never, void> {
    const pending = new Pending()
    let wake: () => void = () => undefined
    const subscription = this.subscribe(scope, rate, (frame) => {
      pending.put(frame)
      wake()
    })
    try {
      for (;;) {
        const frame = pending.take()
        if (frame) yield frame
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    } finally {
      subscription.close()
    }
  }

  /** Turn to the past and play. */
  replay(wish: ReplayWish): void {
    this.send({ type: 'replay', ...wish })
  }

  pause(): void {
    this.send({ type: 'pause' })
  }

  seek(at: number): void {
    this.send({ type: 'seek', at: Math.round(at) })
  }

  /** Back to the present. */
  present(): void {
    this.send({ type: 'live' })
  }

  /** Ask a device to take a value; its outcome comes as `command` events. Rejects with the server's sentence. */
  async command(wish: CommandWish): Promise<Command> {
    const { server = '', token, csrf } = this.options
    const headers: Record<string, string> = { 'Content-Type': 'application/json' }
    if (token) headers['Authorization'] = `Bearer ${token}`
    if (csrf) headers['X-CSRF-Token'] = csrf()
    const answer = await fetch(`${server}/api/v1/commands`, { method: 'POST', headers, credentials: 'same-origin', body: JSON.stringify(wish) })
    const body = (await answer.json()) as Command & { detail?: string }
    if (!answer.ok) throw new Error(body.detail ?? `The command was answered with ${answer.status}`)
    return body
  }

  private connect(): void {
    if (this.stopped) return
    this.options.onConnection?.('connecting')
    const socket = this.open()
    socket.binaryType = 'arraybuffer'
    this.socket = socket
    this.lastHeard = Date.now()
    socket.addEventListener('message', (event) => {
      if (this.socket === socket) this.receive(socket, event.data)
    })
    socket.addEventListener('close', () => this.lost(socket))
    socket.addEventListener('error', () => socket.close())
    socket.addEventListener('open', () => {
      if (this.socket === socket) this.ping(socket)
    })
  }

  private open(): SocketLike {
    const { open, server, token } = this.options
    const protocols = token ? [...PROTOCOLS, `bearer.${token}`] : PROTOCOLS
    if (open) return open(protocols)
    const url = new URL('/api/v1/live', server ?? location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    return new WebSocket(url, protocols)
  }

  private lost(socket: SocketLike): void {
    if (this.socket !== socket) return
    this.socket = null
    this.ready = false
    this.clear(this.pinger)
    if (this.stopped) return
    this.options.onConnection?.('lost')
    const random = (this.options.random ?? Math.random)()
    this.timer = this.later(() => this.connect(), pauseMs(this.attempt++, random))
  }

  private receive(socket: SocketLike, data: unknown): void {
    this.lastHeard = Date.now()
    if (data instanceof ArrayBuffer) return this.take(frameOf(data))
    const message = JSON.parse(String(data)) as LiveEvent | LiveFrame
    if (isFrame(message)) return this.take(message)
    if (message.type === 'replay') this.replayState = message.state === 'live' ? null : message
    this.options.onEvent?.(message)
    if (message.type === 'hello') void this.askAll(socket, message.revision, true)
    else if (message.type === 'scene') void this.askAll(socket, message.revision, false)
  }

  private take(frame: LiveFrame): void {
    const wish = this.ready ? this.wishes.get(frame.id) : undefined
    if (!wish) return
    wish.take(frame)
    this.send({ type: 'ack', id: frame.id })
    if (frame.type === 'snapshot') {
      this.attempt = 0
      this.options.onConnection?.('live')
    }
  }

  /** Subscribe to all anew, when the points of the revision are known. */
  private async askAll(socket: SocketLike, revision: number, fresh: boolean): Promise<void> {
    const round = ++this.asking
    this.ready = false
    const old = [...this.wishes]
    this.wishes = new Map(old.map(([, wish]) => [this.next++, wish]))
    try {
      await this.options.prepare?.(revision)
    } catch {
      socket.close()
      return
    }
    if (this.socket !== socket || this.asking !== round) return
    this.ready = true
    if (!fresh) for (const [id] of old) this.send({ type: 'unsubscribe', id })
    if (fresh) this.resume()
    for (const wish of this.wishes.values()) this.ask(wish)
  }

  /** A new connection shows the present: turn it to where the old one stood. */
  private resume(): void {
    const was = this.replayState
    if (!was) return
    this.replay({ from: was.at, speed: was.speed })
    if (was.state !== 'playing') this.pause()
  }

  private ask(wish: Wish): void {
    const id = this.idOf(wish)
    if (this.ready && id !== undefined) this.send({ type: 'subscribe', id, scope: wish.scope, max_rate_hz: wish.rate, window: WINDOW })
  }

  private idOf(wish: Wish): number | undefined {
    for (const [id, one] of this.wishes) if (one === wish) return id
    return undefined
  }

  private send(message: object): void {
    this.socket?.send(JSON.stringify(message))
  }

  private ping(socket: SocketLike): void {
    this.pinger = this.later(() => {
      if (this.socket !== socket) return
      if (Date.now() - this.lastHeard > SILENT_AFTER_MS) {
        socket.close()
        this.lost(socket)
        return
      }
      this.send({ type: 'ping', id: ++this.pings })
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
