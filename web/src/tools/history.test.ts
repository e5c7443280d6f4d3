import { describe, expect, it } from 'vitest'
import { History } from './history'

const line = (most?: number) => new History(0, (a, b) => a === b, most)

describe('a history', () => {
  it('goes back and forth', () => {
    const one = line()
    one.note(1)
    one.note(2)
    expect([one.undo(), one.undo(), one.undo()]).toEqual([1, 0, null])
    expect([one.redo(), one.redo(), one.redo()]).toEqual([1, 2, null])
  })

  it('does not note what did not change', () => {
    const one = line()
    expect(one.note(0)).toBe(false)
    expect(one.canUndo).toBe(false)
  })

  it('drops what lay ahead when something new is done', () => {
    const one = line()
    one.note(1)
    one.undo()
    one.note(5)
    expect(one.canRedo).toBe(false)
    expect(one.undo()).toBe(0)
  })

  it('forgets the oldest beyond its length', () => {
    const one = line(2)
    for (const state of [1, 2, 3]) one.note(state)
    expect([one.undo(), one.undo(), one.undo()]).toEqual([2, 1, null])
  })
})
