import { describe, expect, it } from 'vitest'

import { contains, intersect, normalise, ofStates, size, subtract, union } from './ranges'

describe('ranges of state indices', () => {
  it('merges overlapping and touching ranges and drops empty ones', () => {
    expect(normalise([[5, 9], [0, 2], [3, 4], [20, 10], [8, 12]])).toEqual([[0, 12]])
  })

  it('packs single states', () => {
    expect(ofStates([3, 1, 2, 9])).toEqual([[1, 3], [9, 9]])
  })

  it('intersects', () => {
    expect(intersect([[0, 9], [20, 29]], [[5, 22], [28, 40]])).toEqual([[5, 9], [20, 22], [28, 29]])
    expect(intersect([[0, 9]], [[10, 12]])).toEqual([])
    expect(intersect([], [[0, 1]])).toEqual([])
  })

  it('subtracts from the middle, the ends and across', () => {
    expect(subtract([[0, 9]], [[3, 4]])).toEqual([[0, 2], [5, 9]])
    expect(subtract([[0, 9]], [[0, 9]])).toEqual([])
    expect(subtract([[0, 4], [10, 14]], [[3, 11]])).toEqual([[0, 2], [12, 14]])
    expect(subtract([[0, 4]], [])).toEqual([[0, 4]])
  })

  it('agrees with sets on random ranges', () => {
    let seed = 7
    const random = (limit: number): number => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31
      return seed % limit
    }
    const some = (): [number, number][] => Array.from({ length: 4 }, () => [random(40), random(40)])
    const expand = (ranges: readonly (readonly [number, number])[]): Set<number> =>
      new Set(ranges.flatMap(([first, last]) => Array.from({ length: Math.max(0, last - first + 1) }, (_, step) => first + step)))
    for (let round = 0; round < 200; round++) {
      const a = some()
      const b = some()
      const left = [...expand(a)].filter((state) => !expand(b).has(state))
      expect([...expand(subtract(a, b))].sort()).toEqual(left.sort())
      expect(size(union(a, b))).toBe(new Set([...expand(a), ...expand(b)]).size)
    }
  })

  it('knows what is inside', () => {
    expect(contains([[1, 3]], 3)).toBe(true)
    expect(contains([[1, 3]], 4)).toBe(false)
  })
})
