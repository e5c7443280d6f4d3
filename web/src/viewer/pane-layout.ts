/** Panes on the stage: plain arithmetic in CSS pixels. */
import type { Pane } from './types'

export interface PaneFrame {
  /** Where it is cut out: left, top, width, height. */
  scissor: [number, number, number, number]
  /** What the camera's picture fills. */
  viewport: [number, number, number, number]
}

/** Where a pane stands on a stage of `width` × `height`. Edges of neighbours fall on the same pixel. */
export function paneFrame(pane: Pick<Pane, 'rect' | 'swipe'>, width: number, height: number): PaneFrame {
  const [l, t, w, h] = pane.rect
  const left = Math.round(l * width)
  const top = Math.round(t * height)
  const scissor: PaneFrame['scissor'] = [left, top, Math.round((l + w) * width) - left, Math.round((t + h) * height) - top]
  return { scissor, viewport: pane.swipe ? [0, 0, width, height] : scissor }
}

/** The pane under a point, the last one drawn first; null outside all panes. */
export function paneAt<P extends Pick<Pane, 'rect' | 'swipe'>>(panes: readonly P[], x: number, y: number, width: number, height: number): P | null {
  for (let i = panes.length - 1; i >= 0; i--) {
    const pane = panes[i] as P
    const [l, t, w, h] = paneFrame(pane, width, height).scissor
    if (x >= l && x < l + w && y >= t && y < t + h) return pane
  }
  return null
}
