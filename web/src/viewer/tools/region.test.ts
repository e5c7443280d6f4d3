import { describe, expect, it } from 'vitest'
import { boundsOf, contains, touches, turning } from './region'
import type { Point } from './region'

const square: Point[] = [[0, 0], [10, 0], [10, 10], [0, 10]]
/** A U open at the top. */
const hollow: Point[] = [[0, 0], [3, 0], [3, 7], [7, 7], [7, 0], [10, 0], [10, 10], [0, 10]]

describe('a region', () => {
  it('knows its bounds and which way it was drawn', () => {
    expect(boundsOf(hollow)).toEqual({ left: 0, top: 0, right: 10, bottom: 10 })
    expect([turning(square), turning(square.toReversed())]).toEqual([200, -200])
  })

  it('contains what is inside, also where it is hollow', () => {
    expect([contains(square, 5, 5), contains(square, 11, 5)]).toEqual([true, false])
    expect([contains(hollow, 5, 3), contains(hollow, 1, 3), contains(hollow, 5, 8)]).toEqual([false, true, true])
  })

  it('touches triangles that reach into it by a corner, an edge alone, or around it', () => {
    expect(touches(square, [9, 9], [20, 9], [20, 20])).toBe(true)
    expect(touches(square, [-5, 4], [15, 4], [15, 3])).toBe(true)
    expect(touches(square, [-50, -50], [100, -50], [5, 100])).toBe(true)
    expect(touches(square, [12, 12], [20, 12], [20, 20])).toBe(false)
    expect(touches(hollow, [4, 1], [6, 1], [5, 5])).toBe(false)
  })
})
