import { describe, expect, it } from 'vitest'
import { interpolateSpace } from './field-3d'
import type { Box } from '../types'

const box: Box = [0, 0, 0, 10, 10, 10]

describe('a field in space', () => {
  it('has the points’ values at the points and lies between them elsewhere', () => {
    const { values } = interpolateSpace([{ x: 1, y: 1, z: 1, value: 10 }, { x: 9, y: 9, z: 9, value: 30 }], box, [5, 5, 5])
    expect(values[0]).toBeCloseTo(10, 2)
    expect(values[124]).toBeCloseTo(30, 2)
    expect(values[62]).toBeCloseTo(20, 3)
    expect(Math.min(...Array.from(values))).toBeGreaterThanOrEqual(10)
  })

  it('runs along x first, then y, then z', () => {
    const { values } = interpolateSpace([{ x: 2.5, y: 2.5, z: 7.5, value: 1 }, { x: 7.5, y: 2.5, z: 2.5, value: 2 }, { x: 2.5, y: 7.5, z: 2.5, value: 3 }], box, [2, 2, 2])
    expect([values[4], values[1], values[2]].map((v) => Math.round(v as number))).toEqual([1, 2, 3])
  })

  it('leaves cells out of reach without a value, and makes storeys distant', () => {
    const one = [{ x: 5, y: 5, z: 1, value: 7 }]
    const near = interpolateSpace(one, box, [1, 1, 5], { radius: 5 })
    expect(Array.from(near.values, Number.isFinite)).toEqual([true, true, true, false, false])
    const flat = interpolateSpace(one, box, [1, 1, 5], { radius: 5, rise: 3 })
    expect(Array.from(flat.values, Number.isFinite)).toEqual([true, false, false, false, false])
  })

  it('counts no point without a value and refuses no cells', () => {
    expect(interpolateSpace([{ x: 1, y: 1, z: 1, value: NaN }], box, [1, 1, 1]).values[0]).toBeNaN()
    expect(() => interpolateSpace([], box, [0, 1, 1])).toThrow('0 × 1 × 1')
  })
})
