import { describe, expect, it } from 'vitest'
import { levelsOf, slicesOf } from './explode'

const storey = (name: string, elevation: number) => ({ gid: name, name, elevation, top: elevation + 4 })

describe('levels of an exploded view', () => {
  it('count from the ground floor, whatever the order, basements downwards', () => {
    const levels = levelsOf({ layer: 'a', storeys: [storey('2F', 4), storey('B1', -4), storey('1F', 0), storey('地下二层', -8)] })
    expect(levels.map(({ storey: { name }, level }) => [name, level])).toEqual([
      ['地下二层', -2],
      ['B1', -1],
      ['1F', 0],
      ['2F', 1],
    ])
  })

  it('begin at the lowest storey where all or none is a basement', () => {
    expect(levelsOf({ layer: 'a', storeys: [storey('B2', -8), storey('B1', -4)] }).map(({ level }) => level)).toEqual([0, 1])
  })
})

describe('things without a storey', () => {
  it('go with the storey whose floor they stand above, the lowest and highest without end', () => {
    const slices = slicesOf(levelsOf({ layer: 'a', storeys: [storey('2F', 4), storey('1F', 0), storey('B1', -4)] }))
    expect(slices.map(({ level, above, below }) => [level, above, below])).toEqual([
      [-1, null, 0],
      [0, 0, 4],
      [1, 4, null],
    ])
  })
})
