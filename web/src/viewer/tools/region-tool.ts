import type { Drag, Plugin, PluginHost, ToolHooks } from '../plugin'
import type { PaneView } from '../pane-set'
import type { Found, RegionMode } from '../types'
import { turning } from './region'
import type { Point } from './region'
import { findInRegion } from './region-search'

/** Pixels between two points of a lasso. */
const STEP = 4

/**
 * Selecting by a box or a lasso. As in CAD, the way it is drawn decides: a box drawn rightwards, a lasso drawn clockwise takes what lies
 * wholly inside, the other way takes whatever it touches. The host hears `region` and decides what becomes of it.
 */
export class RegionTool implements Plugin {
  readonly tool: ToolHooks = {
    cursor: 'crosshair',
    // Presses are drags; a click on its own selects nothing.
    click: () => undefined,
  }
  private points: Point[] = []
  private view: PaneView | null = null

  constructor(private readonly host: PluginHost) {}

  /** Objects in a region of the stage, CSS pixels; for hosts that draw their own. */
  find(polygon: readonly Point[], mode: RegionMode): Found[] {
    const [x, y] = polygon[0] ?? [0, 0]
    const view = this.host.panes.at(x, y)
    return view && polygon.length > 2 ? findInRegion(this.host, view, polygon, mode) : []
  }

  grab(x: number, y: number): Drag | null {
    const { tool } = this.host.viewer
    if (tool !== 'box' && tool !== 'lasso') return null
    this.view = this.host.panes.at(x, y)
    this.points = [[x, y]]
    return {
      move: (mx, my) => {
        const last = this.points.at(-1) as Point
        if (tool === 'box') this.points = [[x, y], [mx, my]]
        else if (Math.hypot(mx - last[0], my - last[1]) >= STEP) this.points.push([mx, my])
        this.host.invalidate()
      },
      end: (_x, _y, event) => {
        const { polygon, mode } = this
        const add = event.shiftKey || event.ctrlKey || event.metaKey
        if (this.view && polygon.length > 2) this.host.emit('region', { found: findInRegion(this.host, this.view, polygon, mode), mode, add })
        this.drop()
      },
      cancel: () => this.drop(),
    }
  }

  get drawn(): boolean {
    return this.points.length > 1
  }

  overlay(context: CanvasRenderingContext2D, view: PaneView): void {
    if (view.painted !== this.view?.painted) return
    const touching = this.mode === 'touching'
    context.beginPath()
    for (const [x, y] of this.polygon) context.lineTo(x, y)
    context.closePath()
    context.fillStyle = touching ? 'rgba(55,201,139,0.14)' : 'rgba(77,163,255,0.14)'
    context.strokeStyle = touching ? '#37C98B' : '#4DA3FF'
    context.lineWidth = 1.5
    context.setLineDash(touching ? [6, 4] : [])
    context.fill()
    context.stroke()
    context.setLineDash([])
  }

  dispose(): void {
    this.points = []
  }

  private get polygon(): Point[] {
    if (this.host.viewer.tool === 'lasso' || this.points.length < 2) return this.points
    const [[x0, y0], [x1, y1]] = this.points as [Point, Point]
    return Math.abs(x1 - x0) < 3 && Math.abs(y1 - y0) < 3 ? [] : [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]
  }

  private get mode(): RegionMode {
    const [from, to] = this.points
    if (this.host.viewer.tool === 'box') return (to?.[0] ?? 0) >= (from?.[0] ?? 0) ? 'inside' : 'touching'
    return turning(this.points) >= 0 ? 'inside' : 'touching'
  }

  private drop(): void {
    this.points = []
    this.host.invalidate()
  }
}
