import { afterEach, describe, expect, it, vi } from 'vitest'
import { FrameBridge } from './frame-bridge'
import type { Bridged } from './frame-bridge'

const HOST = 'https://www.example.org'
const OWN = 'https://park.example.org'

interface Sent {
  data: { id?: unknown; ok?: boolean; result?: unknown; error?: { code: string }; event?: string }
  to: string
}

/** A frame whose parent window is a list of what it was sent. */
function framed(over: Partial<Bridged> = {}) {
  const sent: Sent[] = []
  let listener: ((event: MessageEvent) => void) | undefined
  vi.stubGlobal('window', {
    addEventListener: (_: string, heard: typeof listener) => (listener = heard),
    removeEventListener: () => (listener = undefined),
  })
  const parent = { postMessage: (data: Sent['data'], to: string) => void sent.push({ data, to }) } as unknown as Window
  const request = vi.fn((command: string) => Promise.resolve({ did: command }))
  const origins = vi.fn((token: string | null) => Promise.resolve(token === 'other' ? ['https://other.example'] : [HOST]))
  const bridge = new FrameBridge({ request: request as never, origins, token: () => null, ...over }, parent, OWN)
  bridge.start()
  const say = async (data: unknown, origin = HOST, source: unknown = parent) => {
    const before = sent.length
    listener?.({ data, origin, source } as MessageEvent)
    await new Promise((resolve) => setTimeout(resolve))
    return sent.slice(before)
  }
  return { bridge, say, sent, request, origins }
}

afterEach(() => vi.unstubAllGlobals())

describe('frame bridge', () => {
  it('says that it listens, and nothing else, before anyone was let in', () => {
    const { bridge, sent } = framed()
    bridge.tell('error', { code: 'tile', message: 'secret' })
    expect(sent).toEqual([{ data: { parkViewer: 1, event: 'listening' }, to: '*' }])
  })

  it('replies to the page that asked, with its id', async () => {
    const { say, request } = framed()
    expect(await say({ parkViewer: 1, id: 7, type: 'select', gids: ['a1/b'] })).toEqual([{ data: { parkViewer: 1, id: 7, ok: true, result: { did: 'select' } }, to: HOST }])
    expect(request).toHaveBeenCalledWith('select', { gids: ['a1/b'] })
  })

  it('does nothing for pages that the token is not for', async () => {
    const { say, request, bridge, sent } = framed()
    const [reply] = await say({ parkViewer: 1, id: 1, type: 'select', gids: [] }, 'https://evil.example')
    expect(reply).toMatchObject({ to: 'https://evil.example', data: { id: 1, ok: false, error: { code: 'origin' } } })
    expect(request).not.toHaveBeenCalled()
    bridge.tell('pick', null)
    expect(sent).toHaveLength(2)
  })

  it('hears no window but its parent, no page without an origin, no message of others', async () => {
    const { say } = framed()
    const message = { parkViewer: 1, id: 1, type: 'camera' }
    expect(await say(message, HOST, {})).toEqual([])
    expect(await say(message, 'null')).toEqual([])
    expect(await say({ type: 'webpack' })).toEqual([])
  })

  it('asks with the token that load brings', async () => {
    const { say, origins } = framed()
    const [refused] = await say({ parkViewer: 1, id: 1, type: 'load', token: 'other' })
    expect(refused?.data.error?.code).toBe('origin')
    expect(origins).toHaveBeenLastCalledWith('other')
    const [taken] = await say({ parkViewer: 1, id: 2, type: 'load', token: 'mine' })
    expect(taken?.data.ok).toBe(true)
  })

  it('sends the usual events to the page let in, or those that hello names', async () => {
    const { say, bridge, sent } = framed()
    await say({ parkViewer: 1, id: 1, type: 'camera' })
    bridge.tell('hover', null)
    bridge.tell('pick', null)
    expect(sent.at(-1)).toEqual({ data: { parkViewer: 1, event: 'pick', detail: null }, to: HOST })
    const count = sent.length
    await say({ parkViewer: 1, id: 2, type: 'hello', events: ['hover'] })
    bridge.tell('pick', null)
    bridge.tell('hover', null)
    expect(sent.slice(count + 1).map(({ data }) => data.event)).toEqual(['hover'])
  })

  it('tells errors with their code, a broken message without an id as well', async () => {
    const { say } = framed({ request: () => Promise.reject(Object.assign(new Error('gone'), { code: 'no-object' })) })
    expect((await say({ parkViewer: 1, id: 1, type: 'properties', gid: 'x' }))[0]?.data.error).toEqual({ code: 'no-object', message: 'gone' })
    expect((await say({ parkViewer: 9, id: 1 }))[0]?.data).toMatchObject({ id: null, error: { code: 'version' } })
  })

  it('is not told twice where the server knows: an expired token is what the reply says', async () => {
    const origins = vi.fn(() => Promise.reject(Object.assign(new Error('expired'), { code: 'token-expired' })))
    const { say } = framed({ origins })
    for (const id of [1, 2]) expect((await say({ parkViewer: 1, id, type: 'camera' }))[0]?.data.error?.code).toBe('token-expired')
    expect(origins).toHaveBeenCalledTimes(2)
  })
})
