import { describe, expect, it, vi } from 'vitest'
import { ROW } from './state-flags'
import { StateStore } from './state-store'

describe('StateStore', () => {
  it('keeps colours by state and gives them back', () => {
    const store = new StateStore(3000)
    store.color([0, 1500], [0x123456, 0xabcdef])
    expect(store.colorOf(0)).toBe(0x123456)
    expect(store.colorOf(1500)).toBe(0xabcdef)
    expect(store.colorOf(1)).toBeNull()
    store.color([0], null)
    expect(store.colorOf(0)).toBeNull()
    store.clearColors()
    expect(store.colorOf(1500)).toBeNull()
  })

  it('knows black from no colour', () => {
    const store = new StateStore(2)
    store.color([1], 0)
    expect(store.colorOf(1)).toBe(0)
  })

  it('marks only the rows that changed, as runs, once', () => {
    const store = new StateStore(ROW * 6)
    store.takeDirty()
    store.color([5, ROW * 2, ROW * 3 + 1], 0xff0000)
    expect(store.takeDirty()).toEqual([
      { first: 0, last: 0 },
      { first: 2, last: 3 },
    ])
    expect(store.takeDirty()).toEqual([])
    store.color([5], 0xff0000)
    expect(store.takeDirty()).toEqual([])
  })

  it('tells of a change once per upload, not once per write', () => {
    const changed = vi.fn()
    const store = new StateStore(100, changed)
    store.colorRanges([[0, 99]], 0xff)
    expect(changed).toHaveBeenCalledTimes(1)
    store.takeDirty()
    store.color([3], 0xaa)
    expect(changed).toHaveBeenCalledTimes(2)
  })

  it('ignores states outside the scene and broken numbers', () => {
    const store = new StateStore(10)
    store.color([-1, 10, 1e9, NaN], 0xff)
    store.visible([[-5, 100]], false)
    expect(store.solid(9)).toBe(false)
    expect([...store.data.subarray(10 * 4)].every((byte) => byte === 0)).toBe(true)
  })

  it('isolates without losing what was ghosted before', () => {
    const store = new StateStore(10)
    store.ghost([[2, 2]], true)
    store.isolate([[4, 5]])
    expect([0, 2, 4, 5].map((s) => store.solid(s))).toEqual([false, false, true, true])
    expect(store.solid(0, false, true)).toBe(true)
    store.isolate([[7, 7]])
    expect([4, 7].map((s) => store.solid(s))).toEqual([false, true])
    store.isolate(null)
    expect([0, 2, 4].map((s) => store.solid(s))).toEqual([true, false, true])
  })

  it('draws volumes only while they carry something', () => {
    const store = new StateStore(4)
    expect(store.solid(1, true)).toBe(false)
    store.color([1], 0xff)
    expect(store.solid(1, true)).toBe(true)
  })

  it('shows all again but keeps colours', () => {
    const store = new StateStore(4)
    store.color([1], 0xff)
    store.visible([[0, 3]], false)
    store.ghost([[2, 2]], true)
    store.isolate([[3, 3]])
    const shape = store.shape
    store.showAll()
    expect([0, 1, 2, 3].every((s) => store.solid(s))).toBe(true)
    expect(store.colorOf(1)).toBe(0xff)
    expect(store.shape).toBeGreaterThan(shape)
  })

  it('counts what pulses and what is outlined', () => {
    const store = new StateStore(8)
    store.pulse([1, 2, 2], true)
    store.select([3], [])
    expect([store.animated, store.hasOutline]).toEqual([true, true])
    store.pulse([1, 2], false)
    store.select([], [3])
    expect([store.animated, store.hasOutline]).toEqual([false, false])
  })

  it('keeps states when the scene grows', () => {
    const store = new StateStore(4)
    store.color([3], 0x777777)
    store.pulse([2], true)
    store.resize(5000)
    expect(store.colorOf(3)).toBe(0x777777)
    expect(store.animated).toBe(true)
    store.resize(2)
    expect(store.animated).toBe(false)
  })

  it('takes states along to other indices and clears the rest', () => {
    const store = new StateStore(10)
    store.color([2, 7], [0x222222, 0x777777])
    store.select([2, 8], [])
    store.level([[8, 8]], 3)
    store.isolate([[2, 3]])
    const { shape } = store
    // What stood from 5 on stands from 100 on; what stood before is another version now.
    store.resize(120, [[5, 5, 100]])
    expect([store.colorOf(2), store.colorOf(7), store.colorOf(102)]).toEqual([null, null, 0x777777])
    expect([store.levelOf(8), store.levelOf(103)]).toEqual([0, 3])
    expect([store.hasOutline, store.hasExtra, store.shape > shape]).toEqual([true, true, true])
    expect([store.isolating, store.solid(50)]).toEqual([false, true])
    store.select([], [103])
    expect(store.hasOutline).toBe(false)
  })

  it('keeps levels and opacity beside the flags, and says when they are to be sent', () => {
    const store = new StateStore(10)
    expect([store.hasExtra, store.takeExtra()]).toEqual([false, false])
    store.level([[2, 3]], -2)
    store.opacity([[3, 4]], 0.25)
    expect([store.levelOf(2), store.levelOf(3), store.levelOf(4)]).toEqual([-2, -2, 0])
    expect(store.opacityOf(3)).toBeCloseTo(0.25, 2)
    expect([store.levelled, store.hasExtra, store.takeExtra(), store.takeExtra()]).toEqual([true, true, true, false])
    // Faded by more than half is passed by rays, unless they are to meet ghosts.
    expect([store.solid(2), store.solid(3), store.solid(3, false, false, true)]).toEqual([true, false, true])
    store.resize(20)
    expect(store.levelOf(2)).toBe(-2)
    store.showAll()
    expect([store.opacityOf(3), store.levelOf(3)]).toEqual([1, -2])
    store.level([[0, 19]], 0)
    expect(store.hasExtra).toBe(false)
  })

  it('knows whether anything is drawn with gaps', () => {
    const store = new StateStore(10)
    expect(store.sparse).toBe(false)
    store.ghost([[2, 3]], true)
    store.ghost([[3, 4]], true)
    expect(store.sparse).toBe(true)
    store.ghost([[2, 4]], false)
    expect(store.sparse).toBe(false)
    store.isolate([[1, 1]])
    expect(store.sparse).toBe(true)
    store.isolate(null)
    store.opacity([[5, 5]], 0.5)
    expect(store.sparse).toBe(true)
    store.ghost([[2, 2]], true)
    store.resize(12)
    store.opacity([[5, 5]], 1)
    expect(store.sparse).toBe(true)
    store.showAll()
    expect(store.sparse).toBe(false)
  })

  it('tells where something is taken away, so that one looks inside', () => {
    const store = new StateStore(20)
    expect(store.opened(0, 20)).toBe(false)
    store.visible([[3, 4]], false)
    expect([store.opened(0, 3), store.opened(0, 4), store.opened(5, 15)]).toEqual([false, true, false])
    store.visible([[3, 4]], true)
    store.ghost([[9, 9]], true)
    expect([store.opened(0, 9), store.opened(9, 1)]).toEqual([false, true])
    store.showAll()
    expect(store.opened(0, 20)).toBe(false)
    store.isolate([[1, 1]])
    expect(store.opened(10, 2)).toBe(true)
    store.isolate(null)
    store.level([[2, 2]], 3)
    expect(store.opened(0, 20)).toBe(true)
    store.level([[2, 2]], 0)
    store.visible([[7, 7]], false)
    store.resize(8)
    expect(store.opened(0, 8)).toBe(true)
    store.resize(7)
    expect(store.opened(0, 7)).toBe(false)
  })
})
