/**
 * What the live client speaks: the messages of `docs/reference/live.md` and the client's own types. This file holds types
 * only and imports nothing; it is published as `live-client.d.ts` beside the built client.
 */

/** Values of points; columns of one length. In binary frames they are typed arrays on the received buffer. */
export interface LiveFrame {
  type: 'snapshot' | 'delta'
  id: number
  seq: number
  /** The moment shown, epoch ms by the server's clock. */
  time: number
  /** Whether it shows the past. */
  past?: boolean
  /** Places in the columns of `GET /api/v1/points`. */
  points: ArrayLike<number>
  /** NaN or null where nothing was ever heard. */
  values: ArrayLike<number | null>
  /** 0 good, 1 stale, 2 bad, 3 never heard. */
  quality: ArrayLike<number>
  changed_at: ArrayLike<number>
  heard_at: ArrayLike<number>
}

/** Lists are alternatives and are combined with AND; nothing given means everything. */
export interface LiveScope {
  layers?: string[]
  types?: string[]
  storeys?: string[]
  gids?: string[]
  points?: string[]
  kinds?: string[]
  /** min x, y, z, max x, y, z in metres of the park's frame. */
  box?: [number, number, number, number, number, number]
}

export interface ReplayState {
  type: 'replay'
  state: 'playing' | 'paused' | 'ended' | 'live'
  /** The moment shown, epoch ms. */
  at: number
  to: number
  /** Seconds a second. */
  speed: number
}

export interface ReplayWish {
  /** Epoch ms; without it the replay goes on from where it stands. */
  from?: number
  to?: number
  speed?: number
}

export type CommandState = 'asked' | 'sent' | 'confirmed' | 'refused' | 'timed-out' | 'cancelled' | 'unknown'

/** What was asked of a device, and what became of it. Times in epoch ms. */
export interface Command {
  id: string
  point_id: string
  gid: string
  value: number
  unit: string
  state: CommandState
  user: string
  comment: string
  asked_at: number
  sent_at: number | null
  ended_at: number | null
  reason: string
}

export interface CommandWish {
  point_id: string
  value: number
  timeout_s?: number
  comment?: string
  /** Asking again with the same one repeats nothing. */
  key?: string
}

/** Messages besides frames. */
export type LiveEvent =
  | { type: 'hello'; revision: number; time: number; tick_ms: number }
  | { type: 'alarm'; event: string; alarm: Record<string, unknown>; count?: number; past?: boolean }
  | { type: 'past-alarms'; at: number; items: Record<string, unknown>[] }
  | { type: 'command'; command: Command }
  | { type: 'scene'; revision: number }
  | { type: 'pong'; id?: number; time?: number }
  | { type: 'error'; code: string; message: string }
  | ReplayState

export type Connection = 'connecting' | 'live' | 'lost'

/** The part of a WebSocket that the client needs. */
export interface SocketLike {
  binaryType?: string
  send(text: string): void
  close(): void
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
}

export interface LiveOptions {
  /** The server, as `https://park.example`; left out: the page's own. */
  server?: string
  /** An embed token; a page of the server itself has its session's cookie. */
  token?: string
  /** The session's CSRF value from `GET /api/v1/session`; commands need it. */
  csrf?: () => string
  /** Called at each connection and when something was published; subscriptions are asked for when it is done. */
  prepare?: (revision: number) => Promise<void>
  onEvent?: (event: LiveEvent) => void
  onConnection?: (connection: Connection) => void
  open?: (protocols: string[]) => SocketLike
  /** 0..1; tests give a constant. */
  random?: () => number
  setTimer?: (callback: () => void, ms: number) => unknown
  clearTimer?: (timer: unknown) => void
}

export interface Subscription {
  /** At most so many frames a second from now on. */
  setRate(hz: number): void
  close(): void
}

/** See `docs/reference/live.md`, 'Clients'. */
export interface Live {
  /** Where a replay stands; null while the present is shown. */
  replayState: ReplayState | null
  start(): void
  stop(): void
  subscribe(scope: LiveScope, rate: number, take: (frame: LiveFrame) => void): Subscription
  frames(scope: LiveScope, rate: number): AsyncGenerator<LiveFrame, never, void>
  replay(wish: ReplayWish): void
  pause(): void
  seek(at: number): void
  present(): void
  command(wish: CommandWish): Promise<Command>
}

export declare const LiveClient: new (options?: LiveOptions) => Live
