import { describe, expect, it, vi } from 'vitest'

import { LiveSocket, pauseMs } from './live-socket'
import type { Connection, SocketLike } from './live-socket'
import type { LiveFrame } from './types'

class FakeSocket implements SocketLike {
  readonly sent: { type: string; id?: number; max_rate_hz?: number }[] = []
  private readonly listeners = new Map<string, ((event: { data: unknown }) => void)[]>()

  send(text: string): void {
    this.sent.push(JSON.parse(text) as { type: string; id?: number; max_rate_hz?: number })
  }
  close(): void {
    this.emit('close')
  }
  addEventListener(type: string, listener: (event: { data: unknown }) => void): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener])
  }
  emit(type: string, message?: unknown): void {
    for (const listener of this.listeners.get(type) ?? []) listener({ data: JSON.stringify(message) })
  }
}

function setUp(prepare: (revision: number) => Promise<void> = () => Promise.resolve()) {
  const sockets: FakeSocket[] = []
  const timers: { callback: () => void; ms: number }[] = []
  const connections: Connection[] = []
  const frames: LiveFrame[] = []
  const scenes: number[] = []
  const socket = new LiveSocket({
    open: () => {
      const next = new FakeSocket()
      sockets.push(next)
      return next
    },
    prepare,
    onFrame: (frame) => frames.push(frame),
    onAlarm: vi.fn(),
    onScene: (revision) => scenes.push(revision),
    onConnection: (connection) => connections.push(connection),
    onClock: vi.fn(),
    random: () => 0.5,
    setTimer: (callback, ms) => timers.push({ callback, ms }),
    clearTimer: () => undefined,
  })
  return { socket, sockets, timers, connections, frames, scenes }
}

const settle = (): Promise<void> => Promise.resolve().then(() => Promise.resolve())
const hello = { type: 'hello', revision: 7, time: 1, tick_ms: 200 }
const snapshot = (id: number) => ({ type: 'snapshot', id, seq: 1, time: 2, points: [], values: [], quality: [], changed_at: [], heard_at: [] })

describe('LiveSocket', () => {
  it('subscribes after hello and is live with the first snapshot', async () => {
    const { socket, sockets, connections, frames } = setUp()
    socket.start()
    sockets[0]?.emit('message', hello)
    await settle()
    expect(sockets[0]?.sent).toEqual([{ type: 'subscribe', id: 1, scope: {}, max_rate_hz: 5 }])
    expect(connections).toEqual(['connecting'])
    sockets[0]?.emit('message', snapshot(1))
    expect(connections.at(-1)).toBe('live')
    expect(frames).toHaveLength(1)
  })

  it('comes back after a break with growing pauses, and begins anew once live', async () => {
    const { socket, sockets, timers, connections } = setUp()
    socket.start()
    const pauses: number[] = []
    for (let attempt = 0; attempt < 3; attempt++) {
      sockets.at(-1)?.emit('close')
      const timer = timers.at(-1)
      pauses.push(timer?.ms ?? 0)
      timer?.callback()
    }
    expect(pauses).toEqual([500, 1000, 2000])
    expect(connections).toEqual(['connecting', 'lost', 'connecting', 'lost', 'connecting', 'lost', 'connecting'])
    sockets.at(-1)?.emit('message', hello)
    await settle()
    sockets.at(-1)?.emit('message', snapshot(1))
    sockets.at(-1)?.emit('close')
    expect(timers.at(-1)?.ms).toBe(500)
  })

  it('never pauses longer than a quarter of a minute or so', () => {
    expect(pauseMs(30, 1)).toBeLessThanOrEqual(16_500)
    expect(pauseMs(0, 0)).toBe(450)
  })

  it('drops frames of the old subscription when the scene was published anew', async () => {
    const { socket, sockets, frames, scenes } = setUp()
    socket.start()
    sockets[0]?.emit('message', hello)
    await settle()
    sockets[0]?.emit('message', { type: 'scene', revision: 8 })
    sockets[0]?.emit('message', snapshot(1))
    await settle()
    expect(frames).toHaveLength(0)
    expect(scenes).toEqual([8])
    expect(sockets[0]?.sent.map((message) => [message.type, message.id])).toEqual([
      ['subscribe', 1],
      ['unsubscribe', 1],
      ['subscribe', 2],
    ])
    sockets[0]?.emit('message', snapshot(2))
    expect(frames).toHaveLength(1)
  })

  it('closes and tries again when the points cannot be read', async () => {
    const { socket, sockets, connections, timers } = setUp(() => Promise.reject(new Error('no points')))
    socket.start()
    sockets[0]?.emit('message', hello)
    await settle()
    await settle()
    expect(connections.at(-1)).toBe('lost')
    timers.at(-1)?.callback()
    expect(sockets).toHaveLength(2)
  })

  it('stays away once stopped', () => {
    const { socket, sockets, timers } = setUp()
    socket.start()
    socket.stop()
    sockets[0]?.emit('close')
    expect(timers).toHaveLength(0)
  })

  it('asks for little while nobody looks, and for all again, under the same number', async () => {
    const { socket, sockets, frames } = setUp()
    socket.setSlow(true)
    socket.start()
    sockets[0]?.emit('message', hello)
    await settle()
    socket.setSlow(true)
    socket.setSlow(false)
    socket.setSlow(true)
    const rates = () => (sockets.at(-1)?.sent ?? []).filter(({ type }) => type === 'subscribe')
    expect(rates().map((one) => [one.id, one.max_rate_hz])).toEqual([[1, 0.1], [1, 5], [1, 0.1]])
    sockets[0]?.emit('message', snapshot(1))
    expect(frames).toHaveLength(1)
    socket.stop()
    socket.setSlow(false)
    expect(rates()).toHaveLength(3)
  })

  it('does not ask before the points are known, nor on a lost connection', async () => {
    let known: () => void = () => undefined
    const { socket, sockets, timers } = setUp(() => new Promise((resolve) => (known = resolve)))
    socket.start()
    sockets[0]?.emit('message', hello)
    socket.setSlow(true)
    expect(sockets[0]?.sent).toEqual([])
    known()
    await settle()
    expect(sockets[0]?.sent).toEqual([{ type: 'subscribe', id: 1, scope: {}, max_rate_hz: 0.1 }])
    sockets[0]?.emit('close')
    socket.setSlow(false)
    expect(sockets[0]?.sent).toHaveLength(1)
    timers.at(-1)?.callback()
    sockets[1]?.emit('message', hello)
    known()
    await settle()
    expect(sockets[1]?.sent.at(-1)).toMatchObject({ type: 'subscribe', max_rate_hz: 5 })
  })
})
