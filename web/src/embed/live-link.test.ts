import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LiveFrame } from '../live/types'
import { LiveLink } from './live-link'
import type { ParkServer } from './park-server'

class Socket {
  static made: Socket[] = []
  readyState = 1
  sent: { type: string; id: number; max_rate_hz?: number }[] = []
  onmessage: ((event: { data: string | ArrayBuffer }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  constructor() {
    Socket.made.push(this)
  }
  send(text: string) {
    this.sent.push(JSON.parse(text) as Socket['sent'][0])
  }
  close() {
    this.onclose?.({ code: 1000 })
  }
  hear(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) })
  }
  /** A snapshot of one point, as `docs/reference/live.md` writes it. */
  frame(id: number, point: number, value: number) {
    const head = new DataView(new ArrayBuffer(32 + 29))
    head.setUint8(0, 1)
    head.setUint8(1, 1)
    head.setUint32(4, id, true)
    head.setUint32(24, 1, true)
    head.setFloat64(32, value, true)
    head.setUint32(32 + 24, point, true)
    this.onmessage?.({ data: head.buffer })
  }
}

const newest = () => Socket.made.at(-1) as Socket
const on = { scene: vi.fn(), connection: vi.fn(), error: vi.fn(), ended: vi.fn() }
const link = () => new LiveLink({ live: () => new Socket() } as unknown as ParkServer, 5, on)

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', { OPEN: 1 })
  Socket.made = []
  for (const spy of Object.values(on)) spy.mockReset()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('live link', () => {
  it('opens one connection for all subscriptions and hands each its own frames', () => {
    const one = link()
    const [a, b] = [vi.fn(), vi.fn()]
    one.add({ kinds: ['co2'] }, 2, a)
    const second = one.add({}, 2, b)
    expect(Socket.made).toHaveLength(1)
    newest().hear({ type: 'hello', revision: 5 })
    expect(newest().sent.map(({ id }) => id)).toEqual([1, 2])
    newest().frame(second, 3, 21.5)
    expect(a).not.toHaveBeenCalled()
    expect(b).toHaveBeenCalledOnce()
    const told = b.mock.calls[0]?.[0] as LiveFrame
    expect([told.id, [...(told.points as Uint32Array)], [...(told.values as Float64Array)]]).toEqual([second, [3], [21.5]])
    expect(newest().sent.at(-1)).toEqual({ type: 'ack', id: second })
    expect(one.remove(second)).toBe(true)
    expect(one.remove(second)).toBe(false)
    expect(newest().sent.at(-1)).toMatchObject({ type: 'unsubscribe', id: second })
  })

  it('comes back after the server was away, waiting longer each time, and subscribes again', () => {
    link().add({}, 2, vi.fn())
    newest().hear({ type: 'hello', revision: 5 })
    newest().close()
    expect(on.connection).toHaveBeenLastCalledWith('lost')
    vi.advanceTimersByTime(499)
    expect(Socket.made).toHaveLength(1)
    vi.advanceTimersByTime(1)
    newest().close()
    vi.advanceTimersByTime(1000)
    expect(Socket.made).toHaveLength(3)
    expect(on.connection).toHaveBeenCalledTimes(1)
    newest().hear({ type: 'hello', revision: 5 })
    expect(on.connection).toHaveBeenLastCalledWith('live')
    expect(newest().sent).toHaveLength(1)
  })

  it('holds frames back while another scene is loaded: its points have other places', () => {
    const one = link()
    const take = vi.fn()
    one.add({}, 2, take)
    newest().hear({ type: 'hello', revision: 6 })
    expect(on.scene).toHaveBeenCalledOnce()
    newest().frame(1, 0, 1)
    expect(take).not.toHaveBeenCalled()
    one.resume(6)
    newest().frame(1, 0, 1)
    expect(take).toHaveBeenCalledOnce()
    newest().hear({ type: 'scene', revision: 7 })
    expect(on.scene).toHaveBeenCalledTimes(2)
  })

  it('asks for few messages while nobody looks', () => {
    const one = link()
    one.add({}, 2, vi.fn())
    newest().hear({ type: 'hello', revision: 5 })
    one.setSlow(true)
    expect(newest().sent.at(-1)?.max_rate_hz).toBe(0.1)
    one.setSlow(false)
    expect(newest().sent.at(-1)?.max_rate_hz).toBe(2)
  })

  it('tells when the server ended it', () => {
    link().add({}, 2, vi.fn())
    newest().hear({ type: 'hello', revision: 5 })
    newest().onclose?.({ code: 4401 })
    expect(on.ended).toHaveBeenCalledOnce()
  })
})
