import { describe, expect, it } from 'vitest'
import { fieldBytes, interpolate } from './field'

const points = [
  { x: 1, y: 1, value: 10 },
  { x: 9, y: 1, value: 30 },
  { x: 5, y: 5, value: NaN },
]

describe('interpolate', () => {
  it('gives the values at the points and means between them', () => {
    const { values } = interpolate(points, [0, 0, 10, 2], 5, 1)
    expect(values[0]).toBeCloseTo(10, 3)
    expect(values[4]).toBeCloseTo(30, 3)
    expect(values[2]).toBeCloseTo(20)
    expect(values[1] as number).toBeLessThan(values[2] as number)
  })

  it('leaves out what no point reaches', () => {
    const { values } = interpolate(points, [0, 0, 10, 2], 5, 1, 2.5)
    expect(Array.from(values, Number.isFinite)).toEqual([true, true, false, true, true])
  })
})

describe('fieldBytes', () => {
  it('writes value and cover', () => {
    const grid = { extent: [0, 0, 1, 1] as const, columns: 3, rows: 1, values: [10, NaN, 99] }
    expect([...fieldBytes(grid, 0, 20)]).toEqual([128, 255, 0, 0, 255, 255])
    expect(() => fieldBytes(grid, 5, 5)).toThrow('5 to 5')
    expect(() => fieldBytes({ ...grid, rows: 2 }, 0, 20)).toThrow('expected 6')
  })
})
