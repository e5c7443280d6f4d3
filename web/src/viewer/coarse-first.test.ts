import { describe, expect, it } from 'vitest'
import { CoarseFirst } from './coarse-first'

const tileset = (root: object | null = {}) => ({
  root: root && { refine: 'REPLACE', content: { uri: '7.glb' }, children: [{}], traversal: { used: true, active: false }, ...root },
  maxDepth: Infinity,
})

describe('CoarseFirst', () => {
  it('asks for the root alone until it was drawn', () => {
    const tiles = tileset()
    const first = new CoarseFirst(tiles)
    first.begin(true)
    expect(tiles.maxDepth).toBe(1)
    expect(first.holding).toBe(true)
    expect(first.drawn(), 'a picture without it').toBe(false)
    tiles.root!.traversal.active = true
    expect(first.drawn()).toBe(true)
    expect([tiles.maxDepth, first.holding]).toEqual([Infinity, false])
    expect(first.drawn(), 'only once').toBe(false)
  })

  it.each([
    ['a root that stands beside what is below', tileset({ refine: 'ADD' }), true],
    ['a root without content', tileset({ content: undefined }), true],
    ['a root without children', tileset({ children: [] }), true],
    ['a root that is not wanted', tileset(), false],
    ['no root', tileset(null), true],
  ])('holds nothing back for %s', (_name, tiles, replaced) => {
    const first = new CoarseFirst(tiles)
    first.begin(replaced)
    expect([tiles.maxDepth, first.holding]).toEqual([Infinity, false])
  })

  it('has nothing to wait for while all is off the picture, and still loads the root first later', () => {
    const tiles = tileset({ traversal: { used: false, active: false } })
    const first = new CoarseFirst(tiles)
    first.begin(true)
    expect([tiles.maxDepth, first.holding]).toEqual([1, false])
    tiles.root!.traversal.used = true
    expect(first.holding).toBe(true)
  })

  it('waits no longer where the root failed or is not wanted any more', () => {
    const tiles = tileset()
    const first = new CoarseFirst(tiles)
    first.begin(true)
    expect(first.end()).toBe(true)
    expect([tiles.maxDepth, first.holding]).toEqual([Infinity, false])
  })
})
