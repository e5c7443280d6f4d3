import { describe, expect, it } from 'vitest'
import { SavedViews } from './saved-views'

function memory() {
  const held = new Map<string, string>()
  return { getItem: (key: string) => held.get(key) ?? null, setItem: (key: string, value: string) => void held.set(key, value) }
}
const view = { camera: { position: [0, 0, 1] as [number, number, number], target: [0, 0, 0] as [number, number, number] } }
const names = (views: SavedViews) => views.store.get().stops.map(({ name }) => name)

describe('saved views', () => {
  it('are kept for each park, in order', () => {
    const storage = memory()
    const views = new SavedViews('p', storage)
    views.add('一', view)
    views.add('二', view)
    views.add('三', view)
    views.move(2, -1)
    views.move(0, -1)
    expect(names(views)).toEqual(['一', '三', '二'])
    views.rename(1, '三楼')
    views.remove(2)
    expect(names(new SavedViews('p', storage))).toEqual(['一', '三楼'])
    expect(names(new SavedViews('q', storage))).toEqual([])
  })
})
