import { describe, expect, it } from 'vitest'
import { decodeStrings, FeatureTable } from './feature-table'
import type { TableAccessor } from './feature-table'

function strings(values: readonly string[]): [ArrayBuffer, ArrayBuffer] {
  const parts = values.map((v) => new TextEncoder().encode(v))
  const offsets = new Uint32Array(values.length + 1)
  parts.forEach((p, i) => (offsets[i + 1] = (offsets[i] as number) + p.length))
  const bytes = new Uint8Array(offsets[values.length] as number)
  parts.forEach((p, i) => bytes.set(p, offsets[i]))
  return [bytes.buffer, offsets.buffer]
}

const accessor = (): TableAccessor => {
  const [gid, gidOffsets] = strings(['a1/x', 'a1/y'])
  const [name, nameOffsets] = strings(['外墙 1', 'Door'])
  const column = (values: number, stringOffsets: number) => ({ type: 'STRING', componentType: null, values, stringOffsets, stringOffsetType: 'UINT32' })
  return {
    count: 2,
    data: [new Uint32Array([12, 7]).buffer, gid, gidOffsets, name, nameOffsets],
    properties: {
      ordinal: { type: 'SCALAR', componentType: 'UINT32', values: 0, stringOffsets: null, stringOffsetType: 'UINT32' },
      gid: column(1, 2),
      name: column(3, 4),
    },
  }
}

describe('FeatureTable', () => {
  it('reads ordinals and names by local id', () => {
    const table = new FeatureTable(accessor())
    expect([...Array.from(table.ordinals())]).toEqual([12, 7])
    expect(table.column('gid')).toEqual(['a1/x', 'a1/y'])
    expect(table.column('name')).toEqual(['外墙 1', 'Door'])
  })

  it('gives empty strings for a column that is not there', () => {
    expect(new FeatureTable(accessor()).column('storey')).toEqual(['', ''])
  })

  it('numbers the rows where there is no ordinal', () => {
    const bare = accessor()
    delete bare.properties.ordinal
    expect([...Array.from(new FeatureTable(bare).ordinals())]).toEqual([0, 1])
  })

  it('slices strings by bytes, not by characters', () => {
    expect(decodeStrings(new TextEncoder().encode('门a窗'), [0, 3, 4, 7])).toEqual(['门', 'a', '窗'])
  })
})
