import { describe, expect, it } from 'vitest'
import { moved, movesBetween, still } from './moves'
import type { SceneLayer, SceneManifest } from './types'

function scene(states: number, ...layers: [name: string, version: string, base: number, count: number][]): SceneManifest {
  const made = layers.map(([layer, version, base, count]) => ({ layer, version, base, count, tileset: `/tiles/${layer}/${version}/tileset.json` }) as SceneLayer)
  return { park: {} as SceneManifest['park'], revision: 1, states, schemes: [], layers: made }
}

const BEFORE = scene(30, ['a', 'v1', 0, 10], ['b', 'v1', 10, 5], ['c', 'v1', 15, 15])

describe('moves between scenes', () => {
  it('take the states of a layer along when its base moves, and drop those of another version', () => {
    const next = scene(40, ['a', 'v2', 0, 20], ['c', 'v1', 25, 15])
    const moves = movesBetween(BEFORE, next)
    expect(moves).toEqual([[15, 15, 25]])
    expect(moved([3, 12, 15, 29, 30], moves)).toEqual([25, 39])
    expect(still(BEFORE, next, moves)).toBe(false)
  })

  it('are none where the same layers stand at the same places', () => {
    const again = { ...scene(30, ['a', 'v1', 0, 10], ['b', 'v1', 10, 5], ['c', 'v1', 15, 15]), revision: 2 }
    expect(still(BEFORE, again, movesBetween(BEFORE, again))).toBe(true)
  })

  it('see a version of the same size, a layer that is gone, and a first scene as changes', () => {
    for (const next of [scene(30, ['a', 'v2', 0, 10], ['b', 'v1', 10, 5], ['c', 'v1', 15, 15]), scene(30, ['a', 'v1', 0, 10], ['b', 'v1', 10, 5])])
      expect(still(BEFORE, next, movesBetween(BEFORE, next))).toBe(false)
    expect(still(null, BEFORE, movesBetween(null, BEFORE))).toBe(false)
  })
})
