import type { SceneManifest } from './types'

/** So many states from `from` of one scene stand from `to` on in the next. */
export type Move = readonly [from: number, count: number, to: number]

/** Where states go when another scene comes: with the layers whose version stays. A new version numbers its objects anew, so it has none. */
export function movesBetween(before: SceneManifest | null, next: SceneManifest): Move[] {
  const known = new Map(before?.layers.map((layer) => [layer.layer, layer]))
  return next.layers.flatMap(({ layer, version, tileset, count, base }): Move[] => {
    const was = known.get(layer)
    return was && was.version === version && was.tileset === tileset && was.count === count ? [[was.base, count, base]] : []
  })
}

/** Whether every index of the scene means after the moves what it meant before. */
export function still(before: SceneManifest | null, next: SceneManifest, moves: readonly Move[]): boolean {
  return before?.states === next.states && moves.length === next.layers.length && moves.length === before.layers.length && moves.every(([from, , to]) => from === to)
}

/** States after the moves; those that went nowhere are left out. */
export function moved(states: readonly number[], moves: readonly Move[]): number[] {
  return states.flatMap((state) => {
    const move = moves.find(([from, count]) => state >= from && state < from + count)
    return move ? [state - move[0] + move[2]] : []
  })
}
