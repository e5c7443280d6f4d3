import { describe, expect, it } from 'vitest'

import { around, boxesPath, ringsPath, roundLength, worthShowing, zoomed } from './view'

const SIZE = { width: 1000, height: 500 }

describe('the window on the plan', () => {
  it('holds all points with a margin', () => {
    const view = around([[0, 0], [400, 100]], SIZE)
    expect([view.x, view.y]).toEqual([200, 50])
    expect(view.scale).toBeCloseTo(0.5)
  })

  it('keeps the point under the pointer', () => {
    const before = { x: 10, y: 20, scale: 1 }
    const at = [110, -30] as const
    const after = zoomed(before, 0.5, at)
    expect((at[0] - after.x) / after.scale).toBeCloseTo((at[0] - before.x) / before.scale)
    expect((at[1] - after.y) / after.scale).toBeCloseTo((at[1] - before.y) / before.scale)
  })

  it('leaves far candidates out', () => {
    const plan = [{ layer: 'a', version: 'v1', group: 'building', title: '', title_en: '', boxes: [[0, 0, 100, 100]] as [number, number, number, number][] }]
    const points = worthShowing(plan, [[[120, 50]], [[11_000_000, 0]]])
    expect(points).toEqual([[0, 0], [100, 100], [120, 50]])
  })

  it('draws scale bars of round lengths', () => {
    expect([0.7, 1, 3, 49, 120, 999].map(roundLength)).toEqual([0.5, 1, 2, 20, 100, 500])
  })

  it('draws an outline with its holes as one path', () => {
    expect(ringsPath([[[0, 0], [9, 0], [9, 9]], [[1, 1], [2, 1], [2, 2]]])).toBe('M0 0L9 0L9 9ZM1 1L2 1L2 2Z')
  })

  it('draws a layer as one path', () => {
    expect(boxesPath([[0, 1, 2, 3], [4, 5, 6, 7]])).toBe('M0 1H2V3H0ZM4 5H6V7H4Z')
  })
})
