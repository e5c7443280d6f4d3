import { describe, expect, it } from 'vitest'

import type { SceneLayer, SceneManifest, StateRanges, Viewer } from '../viewer/types'
import { StageController } from './stage-controller'

const LAYER: SceneLayer = {
  layer: 'a', version: 'v1', kind: 'bim', title: 'A', title_en: 'A', group: 'building', visible: true, scheme: null, base: 0, count: 10,
  tileset: '', box: [0, 0, 0, 1, 1, 1], building: null, storeys: [],
}
const MANIFEST: SceneManifest = {
  park: { id: 'p', name: 'P', name_en: 'P', origin: { longitude: 0, latitude: 0, height: 0 }, globe: [] },
  revision: 4, states: 30, schemes: [],
  layers: [LAYER, { ...LAYER, layer: 'b', base: 10 }, { ...LAYER, layer: 'site', kind: 'vector', group: 'base', base: 20, visible: false }],
}

function stage() {
  const listeners = new Map<string, (payload: unknown) => void>()
  const selected: (readonly number[])[] = []
  const ghosts: StateRanges[] = []
  const viewer = {
    on: (event: string, listener: (payload: unknown) => void) => {
      listeners.set(event, listener)
      return () => undefined
    },
    select: (states: readonly number[]) => selected.push(states),
    setLayerVisible: () => undefined,
    state: { showAll: () => undefined, isolate: () => undefined, visible: () => undefined, ghost: (ranges: StateRanges) => ghosts.push(ranges) },
  } as unknown as Viewer
  const controller = new StageController(viewer, MANIFEST)
  const click = (state: number | null, keys: Partial<PointerEvent> = {}) =>
    listeners.get('pick')?.({ pick: state === null ? null : { gid: `a/${state}`, state }, event: keys })
  return { controller, click, selected, ghosts, chosen: () => controller.store.get().chosen.map((one) => one.gid) }
}

describe('choosing several objects', () => {
  it('adds and takes away with a key held, and starts anew without', () => {
    const { controller, click, chosen, selected } = stage()
    click(1)
    click(3, { ctrlKey: true })
    click(5, { shiftKey: true })
    expect(chosen()).toEqual(['a/1', 'a/3', 'a/5'])
    expect(controller.store.get().selected).toBe('a/5')
    expect(selected.at(-1)).toEqual([1, 3, 5])
    click(5, { metaKey: true })
    click(null, { ctrlKey: true })
    expect(chosen()).toEqual(['a/1', 'a/3'])
    expect(controller.store.get().selectedState).toBe(3)
    click(7)
    expect(chosen()).toEqual(['a/7'])
    click(null)
    expect(chosen()).toEqual([])
    expect(controller.store.get().selected).toBeNull()
  })

  it('isolates and hides all of them', () => {
    const { controller, click } = stage()
    click(1)
    click(3, { ctrlKey: true })
    controller.toggleIsolate()
    expect(controller.store.get().isolated).toEqual([[1, 1], [3, 3]])
    expect(controller.shown()).toEqual([[1, 1], [3, 3]])
    controller.isolate(null)
    controller.hideSelected()
    expect(controller.shown()).toEqual([[0, 0], [2, 2], [4, 19]])
  })
})

describe('what is shown', () => {
  it('leaves out layers that are off, hidden, veiled and ghosted objects', () => {
    const { controller, click, ghosts } = stage()
    expect(controller.all()).toEqual([[0, 29]])
    expect(controller.shown()).toEqual([[0, 19]])
    controller.setLayerVisible('site', true)
    controller.setVeiled([[8, 11]])
    expect(controller.shown()).toEqual([[0, 7], [12, 29]])
    controller.setVeiled([])
    controller.setThemed([[4, 5], [25, 25]])
    expect(controller.shown()).toEqual([[4, 5], [20, 29]])
    expect(ghosts.at(-1)).toEqual([[0, 3], [6, 19]])
    click(2)
    expect(controller.shown()).toEqual([[2, 2], [4, 5], [20, 29]])
  })
})
