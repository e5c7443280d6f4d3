import { describe, expect, it } from 'vitest'

import { bounds, chosenByKey } from './sample-rows'

describe('chosenByKey', () => {
  it('moves, and extends with Shift from where it began', () => {
    const first = chosenByKey('ArrowDown', false, false, null, 5)
    expect(first).toEqual({ anchor: 0, row: 0 })
    const two = chosenByKey('ArrowDown', true, false, first, 5)
    expect(two).toEqual({ anchor: 0, row: 1 })
    expect(chosenByKey('ArrowDown', false, false, two, 5)).toEqual({ anchor: 2, row: 2 })
    expect(chosenByKey('End', true, false, { anchor: 3, row: 3 }, 5)).toEqual({ anchor: 3, row: 4 })
  })

  it('stays within the rows and takes all with Ctrl+A', () => {
    expect(chosenByKey('ArrowUp', false, false, { anchor: 0, row: 0 }, 5)).toEqual({ anchor: 0, row: 0 })
    expect(chosenByKey('PageDown', false, false, { anchor: 0, row: 0 }, 5)).toEqual({ anchor: 4, row: 4 })
    expect(chosenByKey('a', false, true, null, 5)).toEqual({ anchor: 0, row: 4 })
    expect(chosenByKey('a', false, false, null, 5)).toBeNull()
    expect(chosenByKey('ArrowDown', false, false, null, 0)).toBeNull()
  })

  it('orders its bounds', () => {
    expect(bounds({ anchor: 4, row: 1 })).toEqual([1, 4])
  })
})
