import { paneAt, paneFrame } from './pane-layout'
import type { PaintedPane } from './frame-painter'
import type { StateTexture } from './state-texture'
import type { Pane } from './types'

/** Panes at most: one bit of the pane mask each. */
const MAX_PANES = 8

/** Left, top, width, height in CSS pixels of the stage. */
export type Frame = readonly [number, number, number, number]

/** A pane, or the whole stage where there are none, as it lies on the screen. */
export interface PaneView {
  painted: PaintedPane | null
  /** What its picture fills; the camera is aimed for it. */
  viewport: Frame
  /** What is seen of it. */
  scissor: Frame
}

/** The panes of the stage: where they lie and what each of them hides. */
export class PaneSet {
  painted: PaintedPane[] = []

  constructor(private readonly stage: { readonly width: number; readonly height: number }) {}

  /** Throws where there are more than eight. */
  set(panes: readonly Pane[] | null): void {
    if (panes && panes.length > MAX_PANES) throw new Error(`${panes.length} panes were asked for: the stage takes at most ${MAX_PANES}.`)
    this.painted = (panes ?? []).map((pane, i) => ({ pane, bit: pane.hides?.length ? 1 << i : 0 }))
  }

  get panes(): readonly Pane[] {
    return this.painted.map(({ pane }) => pane)
  }

  /** Write what the panes hide into the mask. */
  writeMask(texture: StateTexture, size: number): void {
    const data = texture.extraData
    for (let at = 0; at < data.length; at += 4) data[at] = 0
    for (const { pane, bit } of this.painted)
      for (const [first, last] of pane.hides ?? [])
        for (let s = Math.max(0, first); s <= Math.min(last, size - 1); s++) data[s * 4] = (data[s * 4] as number) | bit
    texture.extra.needsUpdate = true
  }

  /** Every pane as it lies on the screen; the whole stage where there are none. */
  get views(): PaneView[] {
    const { width, height } = this.stage
    if (!this.painted.length) return [{ painted: null, viewport: [0, 0, width, height], scissor: [0, 0, width, height] }]
    return this.painted.map((painted) => {
      const { scissor, viewport } = paneFrame(painted.pane, width, height)
      return { painted, viewport, scissor }
    })
  }

  /** The pane under a point of the stage, or null between panes. */
  at(x: number, y: number): PaneView | null {
    const { width, height } = this.stage
    if (!this.painted.length) return this.views[0] as PaneView
    const pane = paneAt(this.panes, x, y, width, height)
    const painted = this.painted.find((one) => one.pane === pane)
    if (!painted) return null
    const { scissor, viewport } = paneFrame(painted.pane, width, height)
    return { painted, viewport, scissor }
  }
}
