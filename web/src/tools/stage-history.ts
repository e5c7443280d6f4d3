/** Undo and redo of what a person does with the stage: cut, hide, isolate, open, set apart, measure, overlay, save views. The camera is left alone. */
import type { Measurement, PitCut, Section } from '../viewer/types'
import { History } from './history'
import type { OverlayChoices } from './overlays/choice'
import type { Range } from './ranges'
import type { SavedViews } from './saved-views'
import type { OpenStorey, StageController } from './stage-controller'
import type { TourStop } from './stage-view'

interface Done {
  /** Of an open storey the section is its own. */
  section: Section | null
  storey: OpenStorey | null
  hidden: readonly Range[]
  isolated: readonly Range[] | null
  xray: boolean
  exploded: number
  underground: boolean
  pit: PitCut | null
  hiddenLayers: ReadonlySet<string>
  overlays: OverlayChoices
  measures: readonly Measurement[]
  views: readonly TourStop[]
}

/** A drag of a slider or a handle is one step: it ends when nothing has changed for so long. */
const QUIET_MS = 350

export class StageHistory {
  private readonly history: History<Done>
  private measures: readonly Measurement[] = []
  private timer: ReturnType<typeof setTimeout> | undefined
  private applying = 0
  private readonly stops: (() => void)[]

  constructor(
    private readonly stage: StageController,
    private readonly views: SavedViews,
  ) {
    this.history = new History(this.take(), (a, b) => (Object.keys(a) as (keyof Done)[]).every((key) => same(a[key], b[key])))
    this.stops = [
      stage.store.subscribe(() => this.soon()),
      views.store.subscribe(() => this.soon()),
      stage.viewer.on('measures', ({ list }) => {
        this.measures = list
        this.soon()
      }),
    ]
  }

  dispose(): void {
    clearTimeout(this.timer)
    for (const stop of this.stops) stop()
  }

  /** Whether there was something to take back. */
  undo(): Promise<boolean> {
    this.note()
    return this.apply(this.history.undo())
  }

  redo(): Promise<boolean> {
    this.note()
    return this.apply(this.history.redo())
  }

  private take(): Done {
    const { section, storey, hidden, isolated, xray, exploded, underground, pit, hiddenLayers, overlays } = this.stage.store.get()
    return { section: storey ? null : section, storey, hidden, isolated, xray, exploded, underground, pit, hiddenLayers, overlays, measures: this.measures, views: this.views.store.get().stops }
  }

  private soon(): void {
    if (this.applying > 0) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.note(), QUIET_MS)
  }

  private note(): void {
    clearTimeout(this.timer)
    if (this.applying === 0) this.history.note(this.take())
    this.tell()
  }

  private tell(): void {
    this.stage.store.set({ canUndo: this.history.canUndo, canRedo: this.history.canRedo })
  }

  private async apply(done: Done | null): Promise<boolean> {
    if (!done) return false
    const { stage } = this
    const now = this.take()
    this.applying++
    this.tell()
    try {
      if (done.views !== now.views) this.views.replace(done.views)
      if (done.measures !== now.measures) (await stage.viewer.use('measure')).restore(done.measures)
      if (done.underground !== now.underground) stage.setUnderground(done.underground)
      if (done.pit !== now.pit) await stage.setPit(done.pit)
      // After the ground: opening it shows the layers under it.
      for (const { layer } of stage.manifest.layers) {
        const hidden = done.hiddenLayers.has(layer)
        if (hidden !== stage.store.get().hiddenLayers.has(layer)) stage.setLayerVisible(layer, !hidden)
      }
      if (done.overlays !== now.overlays) stage.setOverlays(done.overlays)
      stage.setVisibility({ hidden: done.hidden, isolated: done.isolated, xray: done.xray })
      if (done.exploded !== now.exploded) await stage.setExploded(done.exploded)
      if (done.storey && done.storey !== now.storey) await stage.openStorey(done.storey.layer, done.storey.storey, { fly: false })
      else if (!done.storey) {
        if (now.storey) stage.closeStorey()
        stage.setSection(done.section)
      }
    } finally {
      this.applying--
    }
    return true
  }
}

/** Values that are written anew with the same content are the same. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (a instanceof Set && b instanceof Set) return a.size === b.size && [...a].every((one) => b.has(one))
  return typeof a === 'object' && typeof b === 'object' && !(a instanceof Set) && JSON.stringify(a) === JSON.stringify(b)
}
