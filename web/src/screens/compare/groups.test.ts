import { describe, expect, it } from 'vitest'

import { DIFF_KINDS } from '../../api/diff'
import type { Diff } from '../../api/diff'
import type { LayerRow, SceneManifest } from '../../api/types'
import { countOf, groupOf, GROUPS, kindsOf } from './groups'
import { comparedScene, statesFrom } from './scene'
import { around } from './use-diff-on-stage'

describe('groups of change', () => {
  it('hold every kind exactly once', () => {
    expect(GROUPS.flatMap((group) => group.kinds).toSorted()).toEqual([...DIFF_KINDS].toSorted())
  })

  it('give an object the colour of its strongest change', () => {
    expect(groupOf(['renamed', 'moved', 'reshaped']).id).toBe('reshaped')
    expect(groupOf(['property-changed', 're-contained']).id).toBe('data')
  })

  it('count and name their kinds', () => {
    const data = GROUPS.find((group) => group.id === 'data')
    expect(data && countOf(data, { renamed: 2, 'property-changed': 3, moved: 9 })).toBe(5)
    expect(kindsOf(new Set(['added', 'deleted']))).toEqual(['added', 'deleted'])
    expect(kindsOf(new Set())).toHaveLength(DIFF_KINDS.length)
  })
})

describe('the compared scene', () => {
  const layer = (name: string, base: number, count: number) => ({
    layer: name, version: 'v2', kind: 'bim', title: name, title_en: name, group: 'building', visible: true, scheme: null,
    base, count, tileset: `/tiles/${name}/v2/tileset.json`, box: [0, 0, 0, 1, 1, 1], building: null, storeys: [],
  })
  const scene = { states: 30, revision: 1, schemes: [], park: {}, layers: [layer('a', 0, 10), layer('b', 10, 20)] } as unknown as SceneManifest
  const stage = (version: string, count: number, base: number | null) => ({ version, tileset: `/tiles/b/${version}/tileset.json`, count, box: null, base })
  const diff = (base: number | null) =>
    ({ new: { layer: 'b' }, layers: { old: stage('v1', 15, null), new: stage('v3', 25, base) } }) as unknown as Diff
  const row = { layer: 'b' } as unknown as LayerRow

  it('puts the old version behind all states', () => {
    const { manifest, oldLayer, newLayer } = comparedScene(scene, row, diff(10))
    expect(manifest.layers.map((one) => [one.layer, one.base])).toEqual([['a', 0], ['b', 10], ['b@v1', 30]])
    expect(manifest.states).toBe(45)
    expect(statesFrom([[2, 4]], oldLayer)).toEqual([[32, 34]])
    expect(statesFrom(undefined, newLayer)).toEqual([])
  })

  it('gives a version that is not published states of its own', () => {
    const { manifest, newLayer, oldLayer } = comparedScene(scene, row, diff(null))
    expect([newLayer.base, oldLayer.base, manifest.states]).toEqual([30, 55, 70])
  })
})

it('shows the old and the new place together', () => {
  expect(around([0, 0, 0, 1, 1, 1], [2, -1, 0, 3, 0, 4])).toEqual([0, -1, 0, 3, 1, 4])
  expect(around(null, [1, 1, 1, 2, 2, 2])).toEqual([1, 1, 1, 2, 2, 2])
  expect(around(null, null)).toBeNull()
})
