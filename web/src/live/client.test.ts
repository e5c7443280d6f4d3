import { describe, expect, it } from 'vitest'

import { LiveClient, pauseMs } from './client'
import type { Connection, LiveEvent, LiveFrame, SocketLike } from './types'

class FakeSocket implements SocketLike {
  readonly sent: Record<string, unknown>[] = []
  private readonly listeners = new Map<string, ((event: { data: unknown }) => void)[]>()

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>)
  }
  close(): void {
    this.emit('close')
  }
  addEventListener(type: string, listener: (event: { data: unknown }) => void): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener])
  }
  emit(type: string, message?: unknown): void {
    const data = message instanceof ArrayBuffer ? message : JSON.stringify(message)
    for (const listener of this.listeners.get(type) ?? []) listener({ data })
  }
}

function setUp(prepare: (revision: number) => Promise<void> = () => Promise.resolve()) {
  const sockets: FakeSocket[] = []
  const timers: { callback: () => void; ms: number }[] = []
  const connections: Connection[] = []
  const frames: LiveFrame[] = []
  const events: LiveEvent[] = []
  const client = new LiveClient({
    open: () => {
      const next = new FakeSocket()
      sockets.push(next)
      return next
    },
    prepare,
    onEvent: (event) => events.push(event),
    onConnection: (connection) => connections.push(connection),
    random: () => 0.5,
    setTimer: (callback, ms) => timers.push({ callback, ms }),
    clearTimer: () => undefined,
  })
  const subscription = client.subscribe({}, 5, (frame) => frames.push(frame))
  return { client, subscription, sockets, timers, connections, frames, events }
}

const settle = (): Promise<void> => Promise.resolve().then(() => Promise.resolve())
const hello = { type: 'hello', revision: 7, time: 1, tick_ms: 200 }
const snapshot = (id: number) => ({ type: 'snapshot', id, seq: 1, time: 2, points: [], values: [], quality: [], changed_at: [], heard_at: [] })

describe('LiveClient', () => {
  it('subscribes after hello and is live with the first snapshot', async () => {
    const { client, sockets, connections, frames } = setUp()
    client.start()
    sockets[0]?.emit('message', hello)
    await settle()
    expect(sockets[0]?.sent).toEqual([{ type: 'subscribe', id: 2, scope: {}, max_rate_hz: 5, window: 2 }])
    expect(connections).toEqual(['connecting'])
    sockets[0]?.emit('message', snapshot(2))
    expect(connections.at(-1)).toBe('live')
    expect(frames).toHaveLength(1)
    expect(sockets[0]?.sent.at(-1)).toEqual({ type: 'ack', id: 2 })
  })

  it('comes back after a break with growing pauses, and begins anew once live', async () => {
    const { client, sockets, timers, connections } = setUp()
    client.start()
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
    sockets.at(-1)?.emit('message', snapshot(2))
    sockets.at(-1)?.emit('close')
    expect(timers.at(-1)?.ms).toBe(500)
  })

  it('never pauses longer than a quarter of a minute or so', () => {
    expect(pauseMs(30, 1)).toBeLessThanOrEqual(16_500)
    expect(pauseMs(0, 0)).toBe(450)
  })

  it('drops frames of the old subscription when the scene was published anew', async () => {
    const { client, sockets, frames, events } = setUp()
    client.start()
    sockets[0]?.emit('message', hello)
    await settle()
    sockets[0]?.emit('message', { type: 'scene', revision: 8 })
    sockets[0]?.emit('message', snapshot(2))
    await settle()
    expect(frames).toHaveLength(0)
    expect(events.at(-1)).toEqual({ type: 'scene', revision: 8 })
    expect(sockets[0]?.sent.map((message) => [message['type'], message['id']])).toEqual([
      ['subscribe', 2],
      ['unsubscribe', 2],
      ['subscribe', 3],
    ])
    sockets[0]?.emit('message', snapshot(3))
    expect(frames).toHaveLength(1)
  })

  it('closes and tries again when the points cannot be read', async () => {
    const { client, sockets, connections, timers } = setUp(() => Promise.reject(new Error('no points')))
    client.start()
    sockets[0]?.emit('message', hello)
    await settle()
    await settle()
    expect(connections.at(-1)).toBe('lost')
    timers.at(-1)?.callback()
    expect(sockets).toHaveLength(2)
  })

  it('stays away once stopped', () => {
    const { client, sockets, timers } = setUp()
    client.start()
    client.stop()
    sockets[0]?.emit('close')
    expect(timers).toHaveLength(0)
  })

  it('asks for another rate under the same number, and not before the points are known', async () => {
    let known: () => void = () => undefined
    const { client, subscription, sockets, frames } = setUp(() => new Promise((resolve) => (known = resolve)))
    client.start()
    sockets[0]?.emit('message', hello)
    subscription.setRate(0.1)
    expect(sockets[0]?.sent).toEqual([])
    known()
    await settle()
    subscription.setRate(0.1)
    subscription.setRate(5)
    const asked = (sockets[0]?.sent ?? []).map((one) => [one['type'], one['id'], one['max_rate_hz']])
    expect(asked).toEqual([
      ['subscribe', 2, 0.1],
      ['subscribe', 2, 5],
    ])
    sockets[0]?.emit('message', snapshot(2))
    expect(frames).toHaveLength(1)
    subscription.close()
    expect(sockets[0]?.sent.at(-1)).toEqual({ type: 'unsubscribe', id: 2 })
  })

  it('is turned to the same past moment after a break', async () => {
    const { client, sockets, timers } = setUp()
    client.start()
    sockets[0]?.emit('message', hello)
    await settle()
    client.replay({ from: 5000, speed: 10 })
    expect(sockets[0]?.sent.at(-1)).toEqual({ type: 'replay', from: 5000, speed: 10 })
    sockets[0]?.emit('message', { type: 'replay', state: 'paused', at: 7000, to: 9000, speed: 10 })
    sockets[0]?.emit('close')
    timers.at(-1)?.callback()
    sockets[1]?.emit('message', hello)
    await settle()
    expect(sockets[1]?.sent.map((one) => one['type'])).toEqual(['replay', 'pause', 'subscribe'])
    expect(sockets[1]?.sent[0]).toEqual({ type: 'replay', from: 7000, speed: 10 })
    sockets[1]?.emit('message', { type: 'replay', state: 'live', at: 7000, to: 9000, speed: 10 })
    expect(client.replayState).toBeNull()
  })

  it('gives frames to a loop, merged while it is busy', async () => {
    const { client, sockets } = setUp()
    client.start()
    sockets[0]?.emit('message', hello)
    await settle()
    const loop = client.frames({ kinds: ['co2'] }, 2)
    const first = loop.next()
    await settle()
    const id = sockets[0]?.sent.at(-1)?.['id'] as number
    const row = (type: string, point: number, value: number) => ({
      ...snapshot(id), type, points: [point], values: [value], quality: [0], changed_at: [1], heard_at: [1],
    })
    sockets[0]?.emit('message', row('snapshot', 1, 10))
    expect((await first).value.values).toEqual([10])
    sockets[0]?.emit('message', row('delta', 1, 11))
    sockets[0]?.emit('message', row('delta', 2, 20))
    sockets[0]?.emit('message', row('delta', 1, 12))
    const merged = (await loop.next()).value
    expect([...Array.from(merged.points)]).toEqual([1, 2])
    expect(merged.values).toEqual([12, 20])
    await loop.return(undefined as never)
    expect(sockets[0]?.sent.at(-1)).toEqual({ type: 'unsubscribe', id })
  })
})
