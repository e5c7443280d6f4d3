/** How the compared schemes share the stage. */
import type { Box, SceneManifest, SceneScheme, StateRanges } from '../../api/types'
import type { Pane } from '../../viewer/types'

export type CompareMode = 'side' | 'swipe' | 'flip'
export const MODES: readonly CompareMode[] = ['side', 'swipe', 'flip']

/** The base without any scheme. */
export const BASE = 'base'

export interface Arrangement {
  mode: CompareMode
  /** Ids of the compared schemes in order; `BASE` for the present state. */
  chosen: readonly string[]
  /** Place of the swipe line, 0..1. */
  split: number
  /** The scheme shown in flip mode. */
  shown: string
}

export function arrange(
  { mode, chosen, split, shown }: Arrangement,
  schemes: readonly SceneScheme[],
  hides: ReadonlyMap<string, StateRanges>,
): Pane[] {
  const pane = (id: string, rect: Pane['rect'], swipe: boolean): Pane => ({
    id,
    layers: new Set(schemes.find((scheme) => scheme.id === id)?.layers ?? []),
    hides: hides.get(id) ?? [],
    rect,
    swipe,
  })
  if (mode === 'flip' || chosen.length < 2) return [pane(mode === 'flip' ? shown : (chosen[0] ?? BASE), [0, 0, 1, 1], false)]
  if (mode === 'swipe') return [pane(chosen[0] ?? BASE, [0, 0, split, 1], true), pane(chosen[1] ?? BASE, [split, 0, 1 - split, 1], true)]
  const columns = chosen.length > 3 ? 2 : chosen.length
  const rows = Math.ceil(chosen.length / columns)
  return chosen.map((id, index) =>
    pane(id, [(index % columns) / columns, Math.floor(index / columns) / rows, 1 / columns, 1 / rows], false),
  )
}

/** Room around the schemes, so that their surroundings are seen. */
const ROOM_M = 15

/** The ground the schemes stand on, with room around it; null without schemes. */
export function boxOfSchemes(scene: SceneManifest): Box | null {
  const names = new Set(scene.schemes.flatMap((scheme) => scheme.layers))
  const boxes = scene.layers.filter((layer) => names.has(layer.layer)).map((layer) => layer.box)
  if (boxes.length === 0) return null
  const low = [0, 1, 2].map((axis) => Math.min(...boxes.map((box) => box[axis] ?? 0)))
  const high = [3, 4, 5].map((axis) => Math.max(...boxes.map((box) => box[axis] ?? 0)))
  const [west = 0, south = 0, bottom = 0] = low
  const [east = 0, north = 0, top = 0] = high
  return [west - ROOM_M, south - ROOM_M, bottom, east + ROOM_M, north + ROOM_M, top]
}
