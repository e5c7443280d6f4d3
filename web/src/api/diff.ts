/** Shapes of `GET /layers/{layer}/diff`: what changed between two versions of a layer. */
import type { Box, LayerRow } from './types'

export const DIFF_KINDS = [
  'added',
  'deleted',
  'moved',
  'carried',
  'reshaped',
  'retyped',
  'renamed',
  'property-changed',
  'quantity-changed',
  'material-changed',
  'classification-changed',
  're-contained',
  'group-changed',
  'relation-changed',
  're-georeferenced',
  're-identified',
] as const
export type DiffKind = (typeof DIFF_KINDS)[number]

export interface DiffChange {
  kind: DiffKind
  set: string
  name: string
  old: string | null
  new: string | null
  by: number | null
  unit: string
}

export interface DiffItem {
  gid: string
  old_gid: string | null
  name: string | null
  type: string
  ordinal: number | null
  old_ordinal: number | null
  kinds: DiffKind[]
  changes: DiffChange[]
  /** Changes that are left out. */
  more: number
  carrier: string | null
  box: Box | null
  /** Index in the scene, where the new version is the published one; concepts have none. */
  state?: number | null
  old_box: Box | null
}

export interface DiffStage {
  version: string
  tileset: string
  count: number
  box: Box | null
  /** First state index where this is the published version. */
  base: number | null
}

/** Inclusive ranges of ordinals in either version. */
export interface DiffRanges {
  new: [number, number][]
  old: [number, number][]
}

export interface Diff {
  old: { layer: string; version: string; source: string; objects: number }
  new: { layer: string; version: string; source: string; objects: number }
  same: boolean
  matched: number
  counts: Partial<Record<DiffKind, number>>
  georeference: DiffChange[]
  whole: { shift: [number, number, number]; distance: number; angle_deg: number; objects: number; carrier: string | null } | null
  layers: { old: DiffStage; new: DiffStage }
  ranges: Partial<Record<DiffKind, DiffRanges>>
  items: DiffItem[]
  total: number
  concepts: DiffItem[]
  concepts_total: number
}

export interface LayerVersionRow {
  version: string
  built_at: string
  source: string
  count: number
  published: boolean
}

export type LayerWithVersions = LayerRow & { versions: LayerVersionRow[] }
