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

export interface Slice {
  layer: string
  level: number
  above: number | null
  below: number | null
}

/** Heights between which a thing without a storey goes with each level: from its floor to the next one; the lowest and highest have no end. */
export function slicesOf(rising: readonly StoreyLevel[]): Slice[] {
  return rising.map(({ layer, storey, level }, i) => ({ layer, level, above: i > 0 ? storey.elevation : null, below: rising[i + 1]?.storey.elevation ?? null }))
}

/** State ranges of every storey of every building, with their levels, and of things without a storey by their height; asks the server once each. */
export async function storeyLevels(manifest: SceneManifest): Promise<{ ranges: StateRanges; level: number }[]> {
  const ask = async (level: number, query: Record<string, string | number | null>): Promise<{ ranges: StateRanges; level: number }> => ({
    level,
    ranges: (await api.get<{ ranges: StateRanges }>('/states', query)).ranges,
  })
  const buildings = manifest.layers.filter((layer) => layer.storeys.length > 1).map(levelsOf)
  return Promise.all([
    ...buildings.flat().map(({ layer, storey, level }) => ask(level, { layer, storey: storey.gid })),
    ...buildings.flatMap(slicesOf).map(({ layer, level, above, below }) => ask(level, { layer, above, below })),
  ])
}
