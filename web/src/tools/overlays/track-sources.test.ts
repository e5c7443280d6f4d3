import { describe, expect, it } from 'vitest'
import { floorHeight, patrolOn } from './track-sources'

const storey = (name: string, elevation: number) => ({ gid: `a/${name}`, name, elevation, top: elevation + 4 })
const line = (gid: string, points: [number, number, number][], type = 'Road') => ({ gid, state: 0, name: gid, type, system: null, medium: null, direction: 'drawn' as const, points })

describe('the height of a lift', () => {
  const layer = { layer: 'a', storeys: [storey('F2', 4), storey('B1', -4), storey('F1', 0)] }
  it('counts floors from the lowest above ground', () => {
    expect([1, 2, 0].map((floor) => floorHeight(layer, floor))).toEqual([0, 4, -4])
  })
  it('lies between floors in proportion and stays inside the building', () => {
    expect(floorHeight(layer, 1.25)).toBe(1)
    expect(floorHeight(layer, 9)).toBe(4)
  })
})

describe('the made-up patrol', () => {
  const roads = [line('short', [[0, 0, 0], [10, 0, 0]]), line('long', [[0, 0, 0], [100, 0, 1]]), line('path', [[0, 0, 0], [900, 0, 0]], 'Footpath')]
  it('goes to and fro on long roads alone, at four metres a second', () => {
    const [track, ...none] = patrolOn(roads, 0, 60_000)
    expect(none).toEqual([])
    expect(track?.times.slice(0, 3)).toEqual([0, 5000, 10_000])
    expect(track?.points.map(([x]) => Math.round(x)).slice(0, 8)).toEqual([0, 20, 40, 60, 80, 100, 80, 60])
  })
})
