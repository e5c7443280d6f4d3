import { describe, expect, it, vi } from 'vitest'
import type { PaneView } from './pane-set'
import type { Plugin, PluginHost } from './plugin'
import { PluginSet } from './plugins'

function made() {
  const host = { emit: vi.fn(), invalidate: vi.fn() }
  return { host, set: new PluginSet(host as unknown as PluginHost) }
}

const view = {} as PaneView
const context = { save: vi.fn(), restore: vi.fn() } as unknown as CanvasRenderingContext2D

describe('plugins of others', () => {
  it('are made once with the host, asked like ours, and end when they are dropped', async () => {
    const { host, set } = made()
    const plugin = { update: vi.fn(() => true), overlay: vi.fn(), loaded: vi.fn(), dispose: vi.fn() }
    const factory = vi.fn(() => plugin)
    expect(await set.add(factory)).toBe(plugin)
    expect(await set.add(factory)).toBe(plugin)
    expect(factory.mock.calls).toEqual([[host]])
    expect(host.invalidate).toHaveBeenCalledTimes(1)
    const [guest] = set.all
    expect([set.all.length, guest?.drawn, guest?.update?.(0.5)]).toEqual([1, true, true])
    guest?.overlay?.(context, view)
    guest?.loaded?.()
    expect([plugin.update.mock.calls, plugin.overlay.mock.calls, plugin.loaded.mock.calls.length]).toEqual([[[0.5]], [[context, view]], 1])
    expect([set.drop(plugin), set.drop(plugin), set.all.length]).toEqual([true, false, 0])
    expect(plugin.dispose).toHaveBeenCalledTimes(1)
    await set.add(factory)
    expect(factory).toHaveBeenCalledTimes(2)
  })

  it('that throw are told once and asked for nothing more', async () => {
    const { host, set } = made()
    const overlay = vi.fn(() => {
      throw new Error('no ink')
    })
    await set.add({ overlay, dispose: () => undefined })
    set.all[0]?.overlay?.(context, view)
    set.all[0]?.overlay?.(context, view)
    expect([overlay.mock.calls.length, set.all[0]?.drawn]).toEqual([1, false])
    expect(host.emit.mock.calls).toEqual([['error', { code: 'plugin', message: 'A plugin of this page failed and was ended: no ink' }]])
  })

  it('that are none are refused, and can be given again', async () => {
    const { set } = made()
    for (const wrong of [{}, 7, null, () => ({ overlay: () => undefined })]) await expect(set.add(wrong as unknown as Plugin)).rejects.toThrow('dispose')
    let turn = 0
    const factory = (): Plugin => {
      if (turn++ === 0) throw new Error('not yet')
      return { dispose: () => undefined }
    }
    await expect(set.add(factory)).rejects.toThrow('not yet')
    await set.add(factory)
    expect(set.all.length).toBe(1)
  })

  it('that arrive after the viewer is gone are disposed of', async () => {
    const { set } = made()
    const dispose = vi.fn()
    const arriving = set.add(() => Promise.resolve({ dispose }))
    set.dispose()
    await arriving
    expect([dispose.mock.calls.length, set.all.length]).toEqual([1, 0])
  })
})
