import { describe, expect, it } from 'vitest'
import { lengths, ribbons } from './ribbon'

describe('ribbons', () => {
  it('measure along the line', () => {
    expect(lengths([[0, 0, 0], [3, 4, 0], [3, 4, 2]])).toEqual([0, 5, 7])
  })

  it('give each segment four corners in three.js axes', () => {
    const geometry = ribbons([
      { points: [[1, 2, 3], [4, 5, 6], [7, 8, 9]], color: 0xff8000, width: 4, rate: 2 },
      { points: [[0, 0, 0]], color: 0, width: 1 },
    ])
    expect(geometry.index?.count).toBe(12)
    expect([...(geometry.attributes.position?.array ?? [])].slice(0, 3)).toEqual([1, 3, -2])
    expect([...(geometry.attributes.to?.array ?? [])].slice(0, 3)).toEqual([4, 6, -5])
    expect(geometry.attributes.colour?.getX(0)).toBe(1)
    expect([geometry.attributes.style?.getX(7), geometry.attributes.style?.getY(7)]).toEqual([4, 2])
  })

  it('take a measure of their own, for example times', () => {
    const geometry = ribbons([{ points: [[0, 0, 0], [1, 0, 0]], along: [10, 20], color: 0, width: 1 }])
    expect([...(geometry.attributes.along?.array ?? [])]).toEqual([10, 10, 20, 20])
  })
})
