/**
 * What a person does with the stage, in one place: select, fly, open a storey, isolate, hide, x-ray, section, explode, walk, measure.
 * Screens, shortcuts and menus call it; `store` tells what is in force.
 */
import { api } from '../api/client'
import { createStore } from '../api/store'
import type { ObjectItem } from '../api/types'
import type { Box, Found, Look, NavigationMode, Pick as Picked, PitCut, SceneLayer, SceneManifest, SceneStorey, Section, StateRanges, ToolName, Viewer } from '../viewer/types'
import type { WeatherKind } from '../viewer/overlays/weather'
import { isBuilding } from './buildings'
import { storeyLevels } from './explode'
import { NO_OVERLAYS } from './overlays/choice'
import type { OverlayChoices } from './overlays/choice'
import { contains, intersect, normalise, ofStates, subtract, union } from './ranges'
import type { Range } from './ranges'

export interface OpenStorey {
  layer: string
  storey: SceneStorey
}

/** A chosen object; concepts without a place in the scene have no state. */
export interface Chosen {
  gid: string
  state: number | null
}

/** Panels of the tool bar; one is open at most. */
export type ToolPanel = 'select' | 'measure' | 'section' | 'explode' | 'look' | 'views' | 'picture' | 'heat' | 'flows' | 'tracks' | 'cones' | 'pit'

export interface StageState {
  /** gid of the object chosen last; its card is open. */
  selected: string | null
  selectedState: number | null
  /** All chosen objects, in the order of choosing; the last one is `selected`. */
  chosen: readonly Chosen[]
  /** gid of the type, system, zone, material … whose card is open over the object's. */
  concept: string | null
  storey: OpenStorey | null
  hidden: Range[]
  isolated: Range[] | null
  xray: boolean
  section: Section | null
  /** Metres between the storeys of an exploded view. */
  exploded: number
  underground: boolean
  /** Where the ground is cut open. */
  pit: PitCut | null
  weather: WeatherKind
  /** null while the screen's own look is in force. */
  look: Look | null
  map: boolean
  overlays: OverlayChoices
  panel: ToolPanel | null
  tool: ToolName
  navigation: NavigationMode
  hiddenLayers: ReadonlySet<string>
  /** The view before an alarm or finding pulled the stage: one click returns. */
  away: boolean
  pending: number
  /** Whether something can be taken back, or done again. */
  canUndo: boolean
  canRedo: boolean
}

const START: StageState = {
  selected: null,
  selectedState: null,
  chosen: [],
  concept: null,
  storey: null,
  hidden: [],
  isolated: null,
  xray: false,
  section: null,
  exploded: 0,
  underground: false,
  pit: null,
  weather: 'clear',
  look: null,
  map: false,
  overlays: NO_OVERLAYS,
  panel: null,
  tool: 'select',
  navigation: 'orbit',
  hiddenLayers: new Set(),
  away: false,
  pending: 0,
  canUndo: false,
  canRedo: false,
}

/** Of many chosen objects so many are asked for their boxes. */
const MOST_FITTED = 40
/** Cut this far under the ceiling, so that the slab above is gone and the walls still read as rooms. */
const CUT_BELOW_TOP_M = 0.4

export class StageController {
  readonly store = createStore<StageState>(START)
  /** What takes steps back and forth; a screen with tools gives it. */
  history: { undo: () => Promise<boolean>; redo: () => Promise<boolean> } | null = null
  /** Objects that colours are drawn on: their surroundings are ghosted so that they can be seen. */
  private themed: StateRanges = []
  /** Objects that this screen never shows: the unchanged ones of an old version. */
  private veiled: StateRanges = []
  private storeyRanges: StateRanges = []
  /** Levels of the storeys, asked for once. */
  private levels: ReturnType<typeof storeyLevels> | null = null
  private readonly stops: (() => void)[] = []

  constructor(
    readonly viewer: Viewer,
    readonly manifest: SceneManifest,
  ) {
    const hidden = manifest.layers.filter((layer) => !layer.visible).map((layer) => layer.layer)
    this.store.set({ hiddenLayers: new Set(hidden) })
    this.stops.push(
      viewer.on('pick', ({ pick, event }) => {
        if (this.store.get().tool !== 'select') return
        const add = event.shiftKey || event.ctrlKey || event.metaKey
        if (pick && add) this.toggleChosen(pick)
        else if (pick) this.choose(pick.gid, pick.state)
        else if (!add) this.clearSelection()
      }),
      viewer.on('region', ({ found, add }) => this.chooseAll(found, add)),
      viewer.on('tool', (tool) => this.store.set({ tool })),
      viewer.on('section', (section) => this.store.set({ section })),
      viewer.on('pit', (pit) => this.tookPit(pit)),
      viewer.on('loading', ({ pending }) => this.store.set({ pending })),
      viewer.on('navigation', (navigation) => this.store.set({ navigation })),
    )
  }

  dispose(): void {
    for (const stop of this.stops) stop()
  }

  /** Called when the stage goes. */
  onDispose(listener: () => void): void {
    this.stops.push(listener)
  }

  layerOf(state: number): SceneLayer | null {
    return this.manifest.layers.find((layer) => state >= layer.base && state < layer.base + layer.count) ?? null
  }

  choose(gid: string, state: number | null): void {
    this.setChosen([{ gid, state }])
  }

  /** Choose one more object, or one less. */
  toggleChosen({ gid, state }: Pick<Picked, 'gid' | 'state'>): void {
    const { chosen } = this.store.get()
    const rest = chosen.filter((one) => one.gid !== gid)
    this.setChosen(rest.length < chosen.length ? rest : [...rest, { gid, state }])
  }

  /** Choose all that a region found; `add` keeps what was chosen. Several have no card, which would lie over the next drag. */
  chooseAll(found: readonly Found[], add: boolean): void {
    const before = add ? this.store.get().chosen : []
    const known = new Set(before.map((one) => one.gid))
    const chosen = [...before, ...found.filter(({ gid }) => !known.has(gid)).map(({ gid, state }) => ({ gid, state }))]
    this.setChosen(chosen)
    if (chosen.length > 1) this.store.set({ selected: null, selectedState: null })
  }

  clearSelection(): void {
    this.setChosen([])
  }

  showConcept(gid: string | null): void {
    this.store.set({ concept: gid })
  }

  setChosen(chosen: readonly Chosen[]): void {
    const last = chosen.at(-1)
    this.store.set({ chosen, concept: null, selected: last?.gid ?? null, selectedState: last?.state ?? null })
    this.viewer.select(statesOfChosen(chosen))
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
    this.store.set({ storey: { layer: layerName, storey } })
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
    const chosen = this.store.get().chosen.filter(({ state }) => state !== null).slice(0, MOST_FITTED)
    const items = await Promise.all(chosen.map(({ gid }) => api.get<ObjectItem>('/objects/card', { gid })))
    const boxes = items.flatMap(({ box }) => (box ? [box] : []))
    const [first, ...rest] = boxes
    if (!first) return this.viewer.home()
    const all = rest.reduce<Box>((sum, box) => sum.map((v, i) => (i < 3 ? Math.min(v, box[i] as number) : Math.max(v, box[i] as number))) as Box, first)
    return this.viewer.flyTo(grow(all, 1.5))
  }

  hideSelected(): void {
    const { chosen, hidden } = this.store.get()
    const states = statesOfChosen(chosen)
    if (states.length === 0) return
    this.store.set({ hidden: union(hidden, ofStates(states)) })
    this.clearSelection()
    this.applyVisibility()
  }

  toggleIsolate(): void {
    const { chosen, isolated } = this.store.get()
    const states = statesOfChosen(chosen)
    this.store.set({ isolated: isolated || states.length === 0 ? null : ofStates(states) })
    this.applyVisibility()
  }

  isolate(ranges: StateRanges | null): void {
    this.store.set({ isolated: ranges ? union(ranges) : null })
    this.applyVisibility()
  }

  /** What is hidden, isolated and ghosted, all at once. */
  setVisibility(next: { hidden: StateRanges; isolated: StateRanges | null; xray: boolean }): void {
    this.store.set({ hidden: union(next.hidden), isolated: next.isolated && union(next.isolated), xray: next.xray })
    this.applyVisibility()
  }

  toggleXray(): void {
    this.store.set((before) => ({ xray: !before.xray }))
    this.applyVisibility()
  }

  setSection(section: Section | null): void {
    this.viewer.setSection(section)
  }

  /** Begin with a level cut four metres up, or end what is cut. */
  toggleSection(): void {
    const { section, storey, panel } = this.store.get()
    if (storey) return this.closeStorey()
    if (section && panel !== 'section') return this.setPanel('section')
    this.setSection(section ? null : { top: this.sectionRange()[0] + 4 })
    this.setPanel(section ? null : 'section')
  }

  /** Lowest and highest level a horizontal cut can have, metres. */
  sectionRange(): [number, number] {
    const boxes = this.manifest.layers.filter(isBuilding).map((layer) => layer.box)
    if (boxes.length === 0) return [0, 50]
    return [Math.min(...boxes.map((box) => box[2])), Math.max(...boxes.map((box) => box[5]))]
  }

  /** Take a tool in hand with its panel; the same again lays it down. */
  toggleTool(tool: Exclude<ToolName, 'select'>): void {
    const panel = ({ box: 'select', lasso: 'select', measure: 'measure', section: 'section', pit: 'pit' } as const)[tool]
    const next = this.store.get().tool === tool ? 'select' : tool
    this.store.set({ panel: next === 'select' ? null : panel })
    void this.viewer.setTool(next)
  }

  /** Open a panel, or close it; a tool that belongs to another one is laid down. */
  setPanel(panel: ToolPanel | null): void {
    if (this.store.get().tool !== 'select') void this.viewer.setTool('select')
    this.store.set({ panel })
  }

  togglePanel(panel: ToolPanel): void {
    this.setPanel(this.store.get().panel === panel ? null : panel)
  }

  toggleNavigation(mode: Exclude<NavigationMode, 'orbit'>): void {
    this.viewer.setNavigation(this.viewer.navigation === mode ? 'orbit' : mode)
  }

  /** Lift the storeys of all buildings apart by so many metres each; 0 sets them down. */
  async setExploded(metres: number): Promise<void> {
    this.store.set({ exploded: metres })
    if (metres > 0 && !this.levels) {
      this.levels = storeyLevels(this.manifest)
      this.levels.catch(() => (this.levels = null))
    }
    for (const { ranges, level } of (await this.levels) ?? []) this.viewer.state.level(ranges, level)
    this.viewer.setExplode(this.store.get().exploded)
  }

  /** See what lies under the ground: terrain and roads thin out, the layers under ground are shown. */
  setUnderground(on: boolean): void {
    const before = this.opened
    this.store.set({ underground: on })
    this.openGround(before)
  }

  /** Cut the ground open over a rectangle and show the layers under ground; null fills it again. */
  async setPit(pit: PitCut | null): Promise<void> {
    this.tookPit(pit)
    const plugin = await this.viewer.use('pit')
    // Another may have been asked for while the code came.
    if (this.store.get().pit === pit && !samePit(plugin.cut, pit)) plugin.set(pit?.rectangle ?? null, pit?.depth)
  }

  private tookPit(pit: PitCut | null): void {
    if (samePit(pit, this.store.get().pit)) return
    const before = this.opened
    this.store.set({ pit })
    this.openGround(before)
  }

  private get opened(): boolean {
    const { underground, pit } = this.store.get()
    return underground || pit !== null
  }

  /** What lies under the ground is shown while there is a way to see it. */
  private openGround(before: boolean): void {
    const { underground, pit, hiddenLayers } = this.store.get()
    this.viewer.setGround(underground || pit ? { opacity: underground ? 0.2 : 1, pit: pit?.rectangle ?? null } : null)
    const on = this.opened
    if (on === before) return
    for (const layer of this.manifest.layers) {
      if (layer.group === 'underground' && hiddenLayers.has(layer.layer) === on) this.setLayerVisible(layer.layer, on || layer.visible)
    }
  }

  async setWeather(weather: WeatherKind): Promise<void> {
    this.store.set({ weather })
    ;(await this.viewer.use('weather')).set(weather)
  }

  setLook(look: Look): void {
    this.store.set({ look })
    this.viewer.setLook(look)
    // The theme's own stage colours belong to its own look.
    this.viewer.setBackground(null)
  }

  /** Show an overlay, or end it; what of it is seen follows (`overlays/keeper.ts`). */
  setOverlay<K extends keyof OverlayChoices>(name: K, choice: OverlayChoices[K]): void {
    this.setOverlays({ ...this.store.get().overlays, [name]: choice })
  }

  setOverlays(overlays: OverlayChoices): void {
    this.store.set({ overlays })
    this.applyVisibility()
  }

  toggleMap(): void {
    this.store.set((before) => ({ map: !before.map }))
  }

  /** Turn the view so that north is up. */
  north(): Promise<void> {
    const { position, target } = this.viewer.camera
    const plan = Math.hypot(position[0] - target[0], position[1] - target[1])
    return this.viewer.setCamera({ target, position: [target[0], target[1] - plan, position[2]] })
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
    if (state.tool !== 'select' || state.panel) this.setPanel(null)
    else if (state.navigation !== 'orbit') this.viewer.setNavigation('orbit')
    else if (state.away) void this.comeBack()
    else if (state.concept) this.showConcept(null)
    else if (state.isolated) this.isolate(null)
    else if (state.storey) this.closeStorey()
    else if (state.section) this.setSection(null)
    else if (state.exploded > 0) void this.setExploded(0)
    else if (state.pit) void this.setPit(null)
    else if (state.chosen.length > 0) this.clearSelection()
    else return false
    return true
  }

  /** End everything and see the whole park. */
  async comeBack(): Promise<void> {
    this.storeyRanges = []
    this.store.set({ hidden: [], isolated: null, xray: false, storey: null, away: false, overlays: NO_OVERLAYS })
    if (this.store.get().exploded > 0) void this.setExploded(0)
    if (this.store.get().underground) this.setUnderground(false)
    if (this.store.get().pit) void this.setPit(null)
    this.clearSelection()
    this.viewer.setSection(null)
    this.applyVisibility()
    await this.viewer.home()
  }

  /** State indices of all layers of the scene, shown or not. */
  all(): Range[] {
    return rangesOf(this.manifest.layers)
  }

  /** What is drawn solid: layers that are on, without what is hidden or a ghost; isolated objects alone. */
  shown(): Range[] {
    const { hidden, isolated, hiddenLayers } = this.store.get()
    const on = rangesOf(this.manifest.layers.filter((layer) => !hiddenLayers.has(layer.layer)))
    const solid = subtract(on, union(hidden, this.veiled, this.ghosts()))
    return isolated ? intersect(solid, isolated) : solid
  }

  private buildings(): Range[] {
    return rangesOf(this.manifest.layers.filter(isBuilding))
  }

  /** Buildings around what is looked at. */
  private ghosts(): Range[] {
    const { xray, storey, chosen, overlays } = this.store.get()
    if (!xray && this.themed.length === 0 && !storey) {
      // The mist in a building is seen through its walls.
      const misty = overlays.heat?.place === 'volume' ? overlays.heat.layer : null
      return rangesOf(this.manifest.layers.filter(({ layer }) => layer === misty))
    }
    const buildings = this.buildings()
    const around = subtract(buildings, union(this.themed, this.storeyRanges, ofStates(statesOfChosen(chosen))))
    if (!storey) return around
    // A themed object on another storey than the open one would float in the air.
    return union(around, subtract(this.themed, this.storeyRanges).filter(([first]) => contains(buildings, first)))
  }

  private applyVisibility(): void {
    const { hidden, isolated } = this.store.get()
    const table = this.viewer.state
    table.showAll()
    if (isolated) table.isolate(isolated)
    table.ghost(this.ghosts(), true)
    if (hidden.length > 0) table.visible(hidden, false)
    if (this.veiled.length > 0) table.visible(this.veiled, false)
  }
}

function samePit(a: PitCut | null, b: PitCut | null): boolean {
  return a === b || (a !== null && b !== null && a.depth === b.depth && a.rectangle.every((v, i) => v === b.rectangle[i]))
}

function statesOfChosen(chosen: readonly Chosen[]): number[] {
  return chosen.flatMap((one) => one.state ?? [])
}

function rangesOf(layers: readonly SceneLayer[]): Range[] {
  return normalise(layers.map((layer) => [layer.base, layer.base + layer.count - 1] as const))
}

/** A box with room around it, at least `margin` metres. */
export function grow(box: Box, margin: number): Box {
  const [minX, minY, minZ, maxX, maxY, maxZ] = box
  const pad = Math.max(margin, 0.6 * Math.max(maxX - minX, maxY - minY, maxZ - minZ))
  return [minX - pad, minY - pad, minZ - pad / 2, maxX + pad, maxY + pad, maxZ + pad / 2]
}
