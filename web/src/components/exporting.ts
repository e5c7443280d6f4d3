/** What the export dialog is open for: the scopes that a place of the screen offers, the likeliest first. */
import type { ExportSelection } from '../api/exports'
import { createStore } from '../api/store'
import type { SceneLayer, StateRanges } from '../api/types'
import type { Text } from '../i18n/use-text'
import type { StageController } from '../tools/stage-controller'
import { layerOfGid } from '../tools/live-sums'
import { intersect } from '../tools/ranges'
import type { Range } from '../tools/ranges'

export interface ExportScope {
  key: 'chosen' | 'object' | 'concept' | 'layer' | 'storey' | 'shown' | 'scene'
  label: string
  selection: ExportSelection
  /** The name of the file. */
  name: string
  /** Whether something of it can come from an IFC model. */
  ifc: boolean
  /** The one layer it lies in: what classes and storeys there are to choose from. */
  layer?: string
}

export const exporting = createStore<{ scopes: readonly ExportScope[] }>({ scopes: [] })

export function openExport(...scopes: ExportScope[]): void {
  exporting.set({ scopes })
}

export function closeExport(): void {
  exporting.set({ scopes: [] })
}

/** An object and all below it. */
export function ofObject(item: { gid: string; name: string | null; type: string; ifc_class: string | null }, t: Text): ExportScope {
  const name = item.name || item.type
  const layer = layerOfGid(item.gid)
  return { key: 'object', label: t('export.object', { name }), selection: { under: item.gid }, name, ifc: item.ifc_class !== null, layer }
}

export function ofLayer(layer: { layer: string; kind: string }, title: string, t: Text): ExportScope {
  const label = t('export.layer', { name: title })
  return { key: 'layer', label, selection: { layer: layer.layer }, name: title, ifc: layer.kind === 'bim', layer: layer.layer }
}

/** The objects that belong to a concept. */
export function ofConcept(stage: StageController, concept: { gid: string; name: string | null }, states: StateRanges, t: Text): ExportScope {
  const layer = layerOfGid(concept.gid)
  const name = concept.name || concept.gid
  const { revision, layers } = stage.manifest
  const ifc = layers.some((one) => one.layer === layer && one.kind === 'bim')
  return { key: 'concept', label: t('export.members', { name }), selection: { states, revision }, name, ifc, layer }
}

/** The chosen objects, where there are several. */
export function ofChosen(stage: StageController, t: Text, least = 2): ExportScope[] {
  const { chosen } = stage.store.get()
  if (chosen.length < least) return []
  const layers = new Set(chosen.map((one) => layerOfGid(one.gid)))
  const [only] = layers
  const label = t('export.chosen', { count: chosen.length })
  return [
    {
      key: 'chosen',
      label,
      selection: { gids: chosen.map((one) => one.gid) },
      name: label,
      ifc: stage.manifest.layers.some((layer) => layers.has(layer.layer) && layer.kind === 'bim'),
      ...(layers.size === 1 && only ? { layer: only } : {}),
    },
  ]
}

/** What the stage has to give: the chosen, the open storey, what is shown, the whole scene. */
export function ofStage(stage: StageController, name: string, t: Text): ExportScope[] {
  const { storey, isolated } = stage.store.get()
  const { revision, layers } = stage.manifest
  const scopes = ofChosen(stage, t, 1)
  if (storey) {
    const title = storey.storey.name
    scopes.push({
      key: 'storey',
      label: t('export.storey', { name: title }),
      selection: { under: storey.storey.gid },
      name: title,
      ifc: true,
      layer: storey.layer,
    })
  }
  const part = (key: 'shown' | 'scene', label: string, states: Range[]): void => {
    const touched = layers.filter((layer) => intersect(states, rangeOf(layer)).length > 0)
    if (touched.length === 0) return
    scopes.push({
      key,
      label,
      selection: { states, revision },
      name,
      ifc: touched.some((layer) => layer.kind === 'bim'),
      ...(touched.length === 1 && touched[0] ? { layer: touched[0].layer } : {}),
    })
  }
  part('shown', t(isolated ? 'export.isolated' : 'export.shown'), stage.shown())
  part('scene', t('export.scene'), stage.all())
  return scopes
}

function rangeOf(layer: SceneLayer): Range[] {
  return [[layer.base, layer.base + layer.count - 1]]
}
