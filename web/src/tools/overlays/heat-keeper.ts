/** Keeps a heat layer on the stage in step with the live values: on the ground, on the open storey, or in a building's whole volume. */
import { live } from '../../api/live'
import { createStore } from '../../api/store'
import { interpolate } from '../../viewer/overlays/field'
import type { Extent } from '../../viewer/overlays/field'
import { interpolateSpace } from '../../viewer/overlays/field-3d'
import type { SceneLayer } from '../../viewer/types'
import { observedRange } from '../live-theme'
import { rampTable } from '../ramps'
import type { RampName } from '../ramps'
import type { StageController } from '../stage-controller'
import type { HeatChoice } from './choice'
import { FEWEST, heatPoints, REACH, SCALES } from './heat-points'
import { placesOf } from './park-data'
import type { Places } from './park-data'

export interface HeatLegend {
  choice: HeatChoice
  ramp: RampName
  low: number
  high: number
  unit: string
  /** Points with a current value, and all points of the quantity there. */
  fresh: number
  total: number
  /** Why nothing is drawn, else null. */
  missing: 'storey' | 'points' | null
}

/** Cells of the longer side, and of each side of a volume; a storey has this many levels of cells. */
const CELLS = 96
const VOLUME_CELLS = 36
const LEVELS_A_STOREY = 2
/** A metre upwards is worth this many along the floor: a slab lies between. */
const RISE = 4
/** Above the floor, where people breathe. */
const BREATH_M = 1.1
const EVERY_MS = 3000
const ID = 'heat'

export class HeatKeeper {
  readonly store = createStore<{ legend: HeatLegend | null }>({ legend: null })
  private choice: HeatChoice | null = null
  private storey: string | null = null
  private places: Places | null = null
  private range: [number, number] | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly stops: (() => void)[] = []

  constructor(private readonly stage: StageController) {
    this.stops.push(live.onFrame(() => this.soon()), live.onReset(() => (this.range = null)))
  }

  async show(choice: HeatChoice | null, storey: string | null): Promise<void> {
    if (choice === this.choice && storey === this.storey) return
    this.choice = choice
    this.storey = storey
    this.range = null
    if (!choice) return this.clear()
    this.places = await placesOf(this.stage.manifest.revision)
    await this.draw()
  }

  dispose(): void {
    clearTimeout(this.timer)
    for (const stop of this.stops) stop()
  }

  /** New values: draw again, at most every few seconds. */
  private soon(): void {
    if (!this.choice || this.timer !== undefined) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      void this.draw()
    }, this.store.get().legend?.missing === 'points' ? 300 : EVERY_MS)
  }

  private async clear(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    this.store.set({ legend: null })
    const { viewer } = this.stage
    ;(await viewer.use('heat')).clear()
    ;(await viewer.use('volume')).clear()
  }

  private async draw(): Promise<void> {
    const { choice, places, stage, storey } = this
    if (!choice || !places) return
    const { ramp, range } = SCALES[choice.quantity]
    const { points, unit, total } = heatPoints(live, places, stage.manifest.layers, choice, storey)
    const enough = points.length >= FEWEST
    // The limits stay while the layer is shown: the same colour means the same value.
    if (enough) this.range ??= range ? [...range] : observedRange(points.map(({ value }) => value))
    const [low, high] = this.range ?? [0, 1]
    const missing = choice.place === 'storey' && !storey ? 'storey' : enough ? null : 'points'
    this.store.set({ legend: { choice, ramp, low, high, unit, fresh: points.length, total, missing } })
    const [flat, volume] = await Promise.all([stage.viewer.use('heat'), stage.viewer.use('volume')])
    if (choice !== this.choice || storey !== this.storey) return
    if (missing || choice.place === 'volume') flat.clear()
    if (missing || choice.place !== 'volume') volume.clear()
    if (missing) return
    const colours = [...rampTable(ramp)]
    if (choice.place === 'volume') {
      const layer = stage.manifest.layers.find((one) => one.layer === choice.layer)
      if (!layer) return
      const grid = interpolateSpace(points, layer.box, [VOLUME_CELLS, VOLUME_CELLS, levels(layer)], { radius: REACH.volume, rise: RISE })
      volume.set({ id: ID, grid, low, high, ramp: colours })
      return
    }
    const extent = this.extent(points)
    const [width, depth] = [extent[2] - extent[0], extent[3] - extent[1]]
    const cell = Math.max(width, depth) / CELLS
    const grid = interpolate(points, extent, Math.max(2, Math.round(width / cell)), Math.max(2, Math.round(depth / cell)), REACH[choice.place])
    const floor = storey ? stage.findStorey(storey)?.storey.elevation : undefined
    flat.set({ id: ID, grid, at: choice.place === 'ground' ? 'ground' : (floor ?? 0) + BREATH_M, low, high, ramp: colours, opacity: 0.72 })
  }

  private extent(points: readonly { x: number; y: number }[]): Extent {
    const layer = this.choice?.place === 'storey' && this.storey ? this.stage.manifest.layers.find((one) => one.layer === this.stage.findStorey(this.storey as string)?.layer) : null
    if (layer) return [layer.box[0], layer.box[1], layer.box[3], layer.box[4]]
    const room = 40
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
    return [Math.min(...xs) - room, Math.min(...ys) - room, Math.max(...xs) + room, Math.max(...ys) + room]
  }
}

/** Levels of cells over a building's height. */
function levels({ storeys, box }: SceneLayer): number {
  return Math.min(48, Math.max(4, LEVELS_A_STOREY * (storeys.length || Math.round((box[5] - box[2]) / 4))))
}

