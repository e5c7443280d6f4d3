/** Take the view of a stage as it is now, and bring a stage to one. */
import { api } from '../api/client'
import type { ObjectItem } from '../api/types'
import { NO_OVERLAYS, OVERLAYS } from './overlays/choice'
import type { StageController } from './stage-controller'
import type { StageView } from './stage-view'

export function takeView(stage: StageController): StageView {
  const { storey, section, chosen, hidden, isolated, hiddenLayers, xray, exploded, underground, pit, weather, look, overlays } = stage.store.get()
  const usual = new Set(stage.manifest.layers.filter((layer) => !layer.visible).map(({ layer }) => layer))
  const sameLayers = usual.size === hiddenLayers.size && [...usual].every((layer) => hiddenLayers.has(layer))
  const indices = hidden.length > 0 || isolated !== null
  return {
    camera: stage.viewer.camera,
    section: storey ? undefined : (section ?? undefined),
    storey: storey?.storey.gid,
    selected: chosen.length ? chosen.map(({ gid }) => gid) : undefined,
    hidden: hidden.length ? hidden : undefined,
    isolated: isolated ?? undefined,
    revision: indices ? stage.manifest.revision : undefined,
    hiddenLayers: sameLayers ? undefined : [...hiddenLayers],
    xray: xray || undefined,
    exploded: exploded || undefined,
    underground: underground || undefined,
    pit: pit ?? undefined,
    weather: weather === 'clear' ? undefined : weather,
    look: look ?? undefined,
    overlays: OVERLAYS.some((name) => overlays[name]) ? overlays : undefined,
  }
}

/**
 * Show a view: first what is seen, then the flight. What was hidden by state indices is shown again where the scene has changed since; objects
 * that are gone are not chosen. `seconds` 0 cuts instead of flying.
 */
export async function showView(stage: StageController, view: StageView, seconds?: number): Promise<void> {
  const before = stage.store.get()
  const same = view.revision === undefined || view.revision === stage.manifest.revision
  if (stage.viewer.navigation !== 'orbit') stage.viewer.setNavigation('orbit')
  stage.setVisibility({ hidden: same ? (view.hidden ?? []) : [], isolated: same ? (view.isolated ?? null) : null, xray: view.xray ?? false })
  if ((view.underground ?? false) !== before.underground) stage.setUnderground(view.underground ?? false)
  if (view.pit || before.pit) await stage.setPit(view.pit ?? null)
  for (const layer of stage.manifest.layers) {
    const visible = view.hiddenLayers ? !view.hiddenLayers.includes(layer.layer) : layer.visible
    if (stage.store.get().hiddenLayers.has(layer.layer) === visible) stage.setLayerVisible(layer.layer, visible)
  }
  if ((view.weather ?? 'clear') !== before.weather) await stage.setWeather(view.weather ?? 'clear')
  if (view.look) stage.setLook(view.look)
  stage.setOverlays({ ...NO_OVERLAYS, ...view.overlays })
  if ((view.exploded ?? 0) !== before.exploded) await stage.setExploded(view.exploded ?? 0)
  const found = view.storey ? stage.findStorey(view.storey) : null
  if (found) await stage.openStorey(found.layer, found.storey, { fly: false })
  else {
    if (before.storey) stage.closeStorey()
    stage.setSection(view.section ?? null)
  }
  const cards = await Promise.all((view.selected ?? []).map((gid) => api.get<ObjectItem>('/objects/card', { gid }).catch(() => null)))
  stage.clearSelection()
  for (const card of cards) if (card) stage.toggleChosen(card)
  await stage.viewer.setCamera(view.camera, seconds)
}
