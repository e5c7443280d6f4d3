import { describe, expect, it, vi } from 'vitest'

import type { DevicePage, DeviceRow } from '../../api/devices'
import { DeviceWindow, PAGE } from './device-window'

const COUNTS = { online: 1, offline: 2, unreachable: 3, unknown: 4 }

function server(total: number) {
  const load = vi.fn((offset: number, limit: number, signal: AbortSignal): Promise<DevicePage> => {
    if (signal.aborted) return Promise.reject(new DOMException('', 'AbortError'))
    const items = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, index) => ({ id: `d${offset + index}` }) as DeviceRow)
    return Promise.resolve({ items, total, counts: COUNTS })
  })
  return load
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

describe('the window on a long list', () => {
  it('fetches what is looked at, once', async () => {
    const load = server(50_000)
    const changed = vi.fn()
    const list = new DeviceWindow(load, changed)
    list.see(0, 30)
    list.see(0, 31)
    await settled()
    expect(load).toHaveBeenCalledTimes(1)
    expect([list.total, list.row(30)?.id, list.row(PAGE)]).toEqual([50_000, 'd30', undefined])
    list.see(40_190, 40_210)
    await settled()
    expect(load.mock.calls.map(([offset]) => offset)).toEqual([0, 40_000, 40_200])
    expect([list.row(40_199)?.id, list.row(40_200)?.id]).toEqual(['d40199', 'd40200'])
    expect(changed).toHaveBeenCalledTimes(3)
  })

  it('forgets pages that are long out of sight, never those in sight', async () => {
    const list = new DeviceWindow(server(50_000), () => {})
    for (let page = 0; page < 40; page++) {
      list.see(page * PAGE, page * PAGE + 10)
      await settled()
      expect(list.row(page * PAGE)?.id).toBe(`d${page * PAGE}`)
    }
    expect(list.row(0)).toBeUndefined()
  })

  it('refreshes what is in sight only', async () => {
    const load = server(1000)
    const list = new DeviceWindow(load, () => {})
    list.see(0, 10)
    await settled()
    list.see(400, 410)
    await settled()
    load.mockClear()
    await list.refresh()
    expect(load.mock.calls.map(([offset]) => offset)).toEqual([400])
    expect(list.row(0)).toBeUndefined()
  })

  it('tells a failure and recovers from it', async () => {
    const load = server(10)
    load.mockRejectedValueOnce(new Error('away'))
    const list = new DeviceWindow(load, () => {})
    list.see(0, 5)
    await settled()
    expect([list.error?.message, list.total]).toEqual(['away', null])
    await list.refresh()
    expect([list.error, list.total]).toEqual([null, 10])
  })

  it('is silent when it is closed', async () => {
    const changed = vi.fn()
    const list = new DeviceWindow(server(10), changed)
    list.see(0, 5)
    list.close()
    await settled()
    expect(changed).not.toHaveBeenCalled()
    list.open()
    await settled()
    expect([changed.mock.calls.length, list.total]).toEqual([1, 10])
  })
})
