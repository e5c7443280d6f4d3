/** The scene with both versions of a layer in it: the new one as the layer, the old one beside it under a name of its own. */
import type { Diff, DiffRanges } from '../../api/diff'
import type { LayerRow, SceneLayer, SceneManifest } from '../../api/types'
import { presentPark } from '../../tools/buildings'
import type { Range } from '../../tools/ranges'

export interface ComparedScene {
  manifest: SceneManifest
  newLayer: SceneLayer
  oldLayer: SceneLayer
}

export function comparedScene(scene: SceneManifest, row: LayerRow, diff: Diff): ComparedScene {
  const name = diff.new.layer
  const end = Math.max(scene.states, ...scene.layers.map((layer) => layer.base + layer.count))
  const known = scene.layers.find((layer) => layer.layer === name)
  const template: SceneLayer = known ?? {
    layer: name,
    version: row.version,
    kind: row.kind as SceneLayer['kind'],
    title: row.title,
    title_en: row.title_en,
    group: row.group as SceneLayer['group'],
    visible: true,
    scheme: null,
    base: row.base,
    count: row.count,
    tileset: '',
    box: [0, 0, 0, 0, 0, 0],
    building: null,
    storeys: [],
  }
  const { old: before, new: after } = diff.layers
  const newBase = after.base ?? end
  const oldBase = after.base === null ? end + after.count : end
  const newLayer: SceneLayer = { ...template, version: after.version, tileset: after.tileset, count: after.count, box: after.box ?? template.box, base: newBase, visible: true, scheme: null }
  const oldLayer: SceneLayer = {
    ...newLayer,
    layer: `${name}@${before.version}`,
    version: before.version,
    tileset: before.tileset,
    count: before.count,
    box: before.box ?? newLayer.box,
    base: oldBase,
    storeys: [],
  }
  const others = presentPark(scene).layers.filter((layer) => layer.layer !== name)
  return {
    manifest: { ...scene, layers: [...others, newLayer, oldLayer], states: oldBase + before.count },
    newLayer,
    oldLayer,
  }
}

/** Ordinals as state indices. */
export function statesFrom(ranges: DiffRanges[keyof DiffRanges] | undefined, layer: SceneLayer): Range[] {
  return (ranges ?? []).map(([first, last]) => [layer.base + first, layer.base + last] as const)
}
