/** State indices of many gids. Whole layers are read page by page and kept, because figures name hundreds of objects. */
import { api } from '../api/client'
import type { ObjectItem, Page } from '../api/types'
import { layerOfGid } from './live-sums'

const PAGE = 1000
const layers = new Map<string, Promise<Map<string, number>>>()

async function readLayer(layer: string): Promise<Map<string, number>> {
  const states = new Map<string, number>()
  for (let offset = 0; ; offset += PAGE) {
    const page = await api.get<Page<ObjectItem>>('/objects', { layer, limit: PAGE, offset })
    for (const item of page.items) states.set(item.gid, item.state)
    if (page.items.length === 0 || offset + page.items.length >= page.total) return states
  }
}

/** Indices of the gids that exist. `revision` names the published scene: another one has other indices. */
export async function statesOf(gids: readonly string[], revision: number): Promise<number[]> {
  const tables = new Map<string, Map<string, number>>()
  for (const layer of new Set(gids.map(layerOfGid))) {
    const key = `${revision}/${layer}`
    let table = layers.get(key)
    if (!table) {
      table = readLayer(layer)
      layers.set(key, table)
      table.catch(() => layers.delete(key))
    }
    tables.set(layer, await table)
  }
  return gids.flatMap((gid) => tables.get(layerOfGid(gid))?.get(gid) ?? [])
}
