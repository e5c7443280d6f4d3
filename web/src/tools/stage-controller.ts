/**
 * What a person does with the stage, in one place: select, fly, open a storey, isolate, hide, x-ray,
 * section, walk, measure. Screens, shortcuts and menus call it; `store` tells what is in force.
 */
import { api } from '../api/client'
import { createStore } from '../api/store'
import type { ObjectItem } from '../api/types'
import type { Box, NavigationMode, SceneLayer, SceneManifest, SceneStorey, StateRanges, Viewer } from '../viewer/types'
import { isBuilding } from './buildings'
import { contains, ofStates, subtract, union } from './ranges'
import type { Range } from './ranges'

export interface OpenStorey {
  layer: string
  storey: SceneStorey
}

export interface StageState {
  /** gid of the chosen object; its card is open. */
  selected: string | null
  selectedState: number | null
  storey: OpenStorey | null
  hidden: Range[]
  isolated: Range[] | null
  xray: boolean
  section: number | null
  tool: 'select' | 'measure'
  navigation: NavigationMode
  hiddenLayers: ReadonlySet<string>
  /** The view before an alarm or finding pulled the stage: one click returns. */
  away: boolean
  pending: number
}

const START: StageState = {
  selected: null,
  selectedState: null,
  storey: null,
  hidden: [],
  isolated: null,
  xray: false,
  section: null,
  tool: 'select',
  navigation: 'orbit',
  hiddenLayers: new Set(),
  away: false,
  pending: 0,
}

/** Cut this far under the ceiling, so that the slab above is gone and the walls still read as rooms. */
const CUT_BELOW_TOP_M = 0.4

export class StageController {
  readonly store = createStore<StageState>(START)
  /** Objects that colours are drawn on: their surroundings are ghosted so that they can be seen. */
  private themed: StateRanges = []
  /** Objects that this screen never shows: the unchanged ones of an old version. */
  private veiled: StateRanges = []
  private storeyRanges: StateRanges = []
  private readonly stops: (() => void)[] = []

  constructor(
    readonly viewer: Viewer,
    readonly manifest: SceneManifest,
  ) {
    const hidden = manifest.layers.filter((layer) => !layer.visible).map((layer) => layer.layer)
    this.store.set({ hiddenLayers: new Set(hidden) })
    this.stops.push(
      viewer.on('pick', ({ pick }) => {
        if (this.store.get().tool !== 'select') return
        if (pick) this.choose(pick.gid, pick.state)
        else this.clearSelection()
      }),
      viewer.on('loading', ({ pending }) => this.store.set({ pending })),
      viewer.on('navigation', (navigation) => this.store.set({ navigation })),
    )
  }

  dispose(): void {
    for (const stop of this.stops) stop()
  }

  layerOf(state: number): SceneLayer | null {
    return this.manifest.layers.find((layer) => state >= layer.base && state < layer.base + layer.count) ?? null
  }

  choose(gid: string, state: number | null): void {
    this.store.set({ selected: gid, selectedState: state })
    this.viewer.select(state === null ? [] : [state])
  }

  clearSelection(): void {
    this.store.set({ selected: null, selectedState: null })
    this.viewer.select([])
  }

  /** Choose an object and fly to it; its storey is opened when it lies inside a building. */
  async reveal(item: Pick<ObjectItem, 'gid' | 'state' | 'box' | 'storey'>, options: { open?: boolean } = {}): Promise<void> {
    this.choose(item.gid, item.state)
    if (options.open) {
      this.store.set({ away: true })
      const found = item.storey ? this.findStorey(item.storey) : item.box ? this.storeyAt(item.state, item.box) : null
      if (found) await this.openStorey(found.layer, found.storey, { fly: false })
    }
    if (item.box) await this.viewer.flyTo(grow(item.box, 1.5))
  }

  findStorey(gid: string): OpenStorey | null {
    for (const layer of this.manifest.layers) {
      const storey = layer.storeys.find((candidate) => candidate.gid === gid)
      if (storey) return { layer: layer.layer, storey }
    }
    return null
  }

  private storeyAt(state: number, box: Box): OpenStorey | null {
    const layer = this.layerOf(state)
    if (!layer || !isBuilding(layer)) return null
    const middle = (box[2] + box[5]) / 2
    const storey = layer.storeys.find((candidate) => middle >= candidate.elevation && middle < candidate.top)
    return storey ? { layer: layer.layer, storey } : null
  }

  async openStorey(layerName: string, storey: SceneStorey, options: { fly?: boolean } = {}): Promise<void> {
    const layer = this.manifest.layers.find((candidate) => candidate.layer === layerName)
    if (!layer) return
    this.store.set({ storey: { layer: layerName, storey }, section: null })
    const { ranges } = await api.get<{ ranges: StateRanges }>('/states', { layer: layerName, storey: storey.gid })
    if (this.store.get().storey?.storey.gid !== storey.gid) return
    this.storeyRanges = ranges
    this.applyVisibility()
    this.viewer.setSection({ top: storey.top - CUT_BELOW_TOP_M })
    if (options.fly !== false) {
      const [minX, minY, , maxX, maxY] = layer.box
      await this.viewer.flyTo([minX, minY, storey.elevation, maxX, maxY, storey.top])
    }
  }

  closeStorey(): void {
    this.storeyRanges = []
    this.store.set({ storey: null })
    this.viewer.setSection(null)
    this.applyVisibility()
  }

  /** Ghost the buildings around these objects; empty ends it. */
  setThemed(ranges: StateRanges): void {
    this.themed = ranges
    this.applyVisibility()
  }

  /** Keep these out of sight whatever else is asked for; empty ends it. */
  setVeiled(ranges: StateRanges): void {
    this.veiled = ranges
    this.applyVisibility()
  }

  async fit(): Promise<void> {
    const { selectedState, selected } = this.store.get()
    if (selectedState !== null && selected) {
      const item = await api.get<ObjectItem>('/objects/card', { gid: selected })
      if (item.box) return this.viewer.flyTo(grow(item.box, 1.5))
    }
    return this.viewer.home()
  }

  hideSelected(): void {
    const { selectedState, hidden } = this.store.get()
    if (selectedState === null) return
    this.store.set({ hidden: union(hidden, ofStates([selectedState])) })
    this.clearSelection()
    this.applyVisibility()
  }

  toggleIsolate(): void {
    const { selectedState, isolated } = this.store.get()
    this.store.set({ isolated: isolated || selectedState === null ? null : ofStates([selectedState]) })
    this.applyVisibility()
  }

  isolate(ranges: StateRanges | null): void {
    this.store.set({ isolated: ranges ? union(ranges) : null })
    this.applyVisibility()
  }

  toggleXray(): void {
    this.store.set((before) => ({ xray: !before.xray }))
    this.applyVisibility()
  }

  setSection(top: number | null): void {
    this.store.set({ section: top })
    this.viewer.setSection(top === null ? null : { top })
  }

  toggleSection(): void {
    const { section, storey } = this.store.get()
    if (storey) return this.closeStorey()
    this.setSection(section === null ? this.sectionRange()[0] + 4 : null)
  }

  /** Lowest and highest level a horizontal cut can have, metres. */
  sectionRange(): [number, number] {
    const boxes = this.manifest.layers.filter(isBuilding).map((layer) => layer.box)
    if (boxes.length === 0) return [0, 50]
    return [Math.min(...boxes.map((box) => box[2])), Math.max(...boxes.map((box) => box[5]))]
  }

  toggleMeasure(): void {
    const tool = this.store.get().tool === 'measure' ? 'select' : 'measure'
    this.store.set({ tool })
    this.viewer.setTool(tool)
  }

  toggleWalk(): void {
    this.viewer.setNavigation(this.viewer.navigation === 'walk' ? 'orbit' : 'walk')
  }

  setLayerVisible(layer: string, visible: boolean): void {
    const hiddenLayers = new Set(this.store.get().hiddenLayers)
    if (visible) hiddenLayers.delete(layer)
    else hiddenLayers.add(layer)
    this.store.set({ hiddenLayers })
    this.viewer.setLayerVisible(layer, visible)
  }

  /** Leave the innermost thing that is in force: tool, walk, isolation, storey, section, selection. False when at rest. */
  leave(): boolean {
    const state = this.store.get()
    if (state.tool === 'measure') this.toggleMeasure()
    else if (state.navigation === 'walk') this.toggleWalk()
    else if (state.away) void this.comeBack()
    else if (state.isolated) this.isolate(null)
    else if (state.storey) this.closeStorey()
    else if (state.section !== null) this.setSection(null)
    else if (state.selected) this.clearSelection()
    else return false
    return true
  }

  /** End everything and see the whole park. */
  async comeBack(): Promise<void> {
    this.storeyRanges = []
    this.store.set({ hidden: [], isolated: null, xray: false, section: null, storey: null, away: false })
    this.clearSelection()
    this.viewer.setSection(null)
    this.applyVisibility()
    await this.viewer.home()
  }

  private buildings(): Range[] {
    return this.manifest.layers
      .filter((layer) => isBuilding(layer) && layer.count > 0)
      .map((layer) => [layer.base, layer.base + layer.count - 1] as const)
  }

  private applyVisibility(): void {
    const { hidden, isolated, xray, storey, selectedState } = this.store.get()
    const table = this.viewer.state
    table.showAll()
    if (isolated) table.isolate(isolated)
    const kept = selectedState === null ? [] : ofStates([selectedState])
    if (xray || this.themed.length > 0 || storey) {
      const clear = union(this.themed, this.storeyRanges, kept)
      table.ghost(subtract(this.buildings(), clear), true)
      // A themed object on another storey than the open one would float in the air.
      if (storey) table.ghost(subtract(this.themed, this.storeyRanges).filter(([first]) => contains(this.buildings(), first)), true)
    }
    if (hidden.length > 0) table.visible(hidden, false)
    if (this.veiled.length > 0) table.visible(this.veiled, false)
  }
}

/** A box with room around it, at least `margin` metres. */
export function grow(box: Box, margin: number): Box {
  const [minX, minY, minZ, maxX, maxY, maxZ] = box
  const pad = Math.max(margin, 0.6 * Math.max(maxX - minX, maxY - minY, maxZ - minZ))
  return [minX - pad, minY - pad, minZ - pad / 2, maxX + pad, maxY + pad, maxZ + pad / 2]
}
