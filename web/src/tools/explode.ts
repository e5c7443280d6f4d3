/** Which objects an exploded view lifts, and how far: storeys above the ground rise, those below sink. */
import { api } from '../api/client'
import type { SceneLayer, SceneManifest, SceneStorey, StateRanges } from '../viewer/types'

export interface StoreyLevel {
  layer: string
  storey: SceneStorey
  /** 0 stays, 1 is the first above it, negative ones lie below. */
  level: number
}

const BELOW = /^(B\s*\d|-\s*\d|地下|负|basement|cellar)/i

/** Storeys of one building from below, the lowest that is not named as a basement at 0. */
export function levelsOf({ layer, storeys }: Pick<SceneLayer, 'layer' | 'storeys'>): StoreyLevel[] {
  const rising = storeys.toSorted((a, b) => a.elevation - b.elevation)
  const ground = Math.max(0, rising.findIndex(({ name }) => !BELOW.test(name)))
  return rising.map((storey, i) => ({ layer, storey, level: i - ground }))
}

/** State ranges of every storey of every building, with their levels; asks the server once a storey. */
export function storeyLevels(manifest: SceneManifest): Promise<{ ranges: StateRanges; level: number }[]> {
  const all = manifest.layers.filter((layer) => layer.storeys.length > 1).flatMap(levelsOf)
  return Promise.all(
    all.map(async ({ layer, storey, level }) => {
      const { ranges } = await api.get<{ ranges: StateRanges }>('/states', { layer, storey: storey.gid })
      return { ranges, level }
    }),
  )
}
