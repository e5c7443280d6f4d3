import type { Plugin, PluginHost } from '../plugin'
import type { PaneView } from '../pane-set'
import { partsOf, pictureSize } from './parts'

/** Side of a part: small enough for any card, large enough for few passes. */
const PART = 2048
/** How long finer tiles are waited for, milliseconds. */
const PATIENCE_MS = 20_000

/** How fine a picture is. */
export interface Fineness {
  /** Whether all tiles that are fine enough for the picture were there. */
  finest: boolean
  /** Tiles that were still to come. */
  pending: number
  /** What the error that tiles may have was multiplied by because memory is short; 1 when it is not. */
  memory: number
}

export interface CaptureOptions {
  /** Width of the picture in pixels; the height follows the stage. At most 8K a side. */
  width: number
  /** Text and lines as large as on the stage, in proportion. Default true; false keeps their pixels. */
  scaleText?: boolean
  /** Wait until tiles fine enough for the picture are there. Default true. */
  finest?: boolean
  /** How long they are waited for, milliseconds. Default 20,000. */
  patience?: number
}

/** Pictures larger than the stage, painted part by part, with finer tiles than the stage needs. */
export class Capture implements Plugin {
  private busy = false
  private fineness: Fineness | null = null

  constructor(private readonly host: PluginHost) {}

  /** How fine the last picture is; null before the first one. */
  get last(): Fineness | null {
    return this.fineness
  }

  /** A PNG; `last` tells whether it had to be painted before finer tiles came. Throws while another picture is being made, and where the browser has no room for it. */
  async png(options: CaptureOptions): Promise<Blob> {
    const canvas = await this.canvas(options)
    return new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(`The browser could not make a PNG of ${canvas.width} × ${canvas.height} pixels.`))), 'image/png')
    })
  }

  /** The picture on a canvas of its own. */
  async canvas({ width, scaleText = true, finest = true, patience = PATIENCE_MS }: CaptureOptions): Promise<HTMLCanvasElement> {
    if (this.busy) throw new Error('A picture is being made already: wait until it is ready.')
    if (!(width >= 16)) throw new Error(`A picture of ${width} pixels was asked for: expected a width of at least 16.`)
    this.busy = true
    const { host } = this
    const [across, down] = pictureSize(width, host.surface)
    try {
      if (finest) {
        host.setTileSize([across, down])
        await Promise.race([host.viewer.idle(), new Promise((done) => setTimeout(done, patience))])
      }
      const { pending, strain } = host.layers
      this.fineness = { finest: finest && pending === 0 && strain.state.memory === 1, pending, memory: strain.state.memory }
      return this.paint(across, down, scaleText ? across / host.surface.width : 1)
    } finally {
      this.busy = false
      host.setTileSize(null)
    }
  }

  dispose(): void {
    this.busy = false
  }

  private paint(width: number, height: number, scale: number): HTMLCanvasElement {
    const { surface, panes, painter } = this.host
    const { renderer } = surface
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    const context = canvas.getContext('2d')
    if (!context) throw new Error(`The browser has no room for a picture of ${width} × ${height} pixels.`)
    const ratio = surface.ratio
    const size: [number, number] = [surface.width, surface.height]
    const factor = width / size[0]
    try {
      renderer.setPixelRatio(1)
      for (const view of panes.views) {
        const [left, top, w, h] = view.viewport.map((v) => Math.round(v * factor)) as [number, number, number, number]
        context.save()
        context.beginPath()
        context.rect(...(view.scissor.map((v) => Math.round(v * factor)) as [number, number, number, number]))
        context.clip()
        for (const { paint, keep } of partsOf(w, h, PART)) {
          renderer.setSize(paint[2], paint[3], false)
          this.host.prepare()
          painter.paintPart(view.painted, [w, h], paint, scale)
          context.drawImage(surface.canvas, keep[0], keep[1], keep[2], keep[3], left + paint[0] + keep[0], top + paint[1] + keep[1], keep[2], keep[3])
        }
        this.drawAbove(context, view, factor, scale)
        context.restore()
      }
    } finally {
      renderer.setPixelRatio(ratio)
      renderer.setSize(...size, false)
      this.host.invalidateTiles()
    }
    return canvas
  }

  /** What plugins draw above the stage: measurements, handles of sections. */
  private drawAbove(context: CanvasRenderingContext2D, view: PaneView, factor: number, scale: number): void {
    const drawing = this.host.plugins().filter((plugin) => plugin.drawn)
    if (!drawing.length) return
    // Laid out for the stage where text grows with the picture, else for the picture itself.
    const spread = factor / scale
    const grown: PaneView = { ...view, viewport: view.viewport.map((v) => v * spread) as [number, number, number, number] }
    this.host.sight.aim(view)
    context.scale(scale, scale)
    for (const plugin of drawing) plugin.overlay?.(context, grown)
  }
}
