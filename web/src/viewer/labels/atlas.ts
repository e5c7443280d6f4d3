import { CanvasTexture, LinearFilter, NoColorSpace } from 'three'
import type { Label, Look } from '../types'
import { drawMarker, PILL } from './markers'
import type { LabelKind } from './markers'

/** A label's picture in the atlas: atlas pixels, and its size in CSS pixels. */
export interface Cell {
  u: number
  v: number
  pixelWidth: number
  pixelHeight: number
  width: number
  height: number
  /** Side of the square marker at the left, CSS pixels; 0 where there is none. */
  marker: number
}

const MAX = 4096
const WIDTH = 2048
/** Size of the text when the host asks for none, CSS pixels; the other measures below belong to it and grow with the text. */
export const LABEL_SIZE = 13
const HEIGHT = 26
const STEM = 7

/** All label pictures on one canvas, packed in rows; a picture that is needed again is not drawn again. */
export class LabelAtlas {
  readonly texture: CanvasTexture
  private readonly canvas = document.createElement('canvas')
  private readonly context: CanvasRenderingContext2D
  private readonly cells = new Map<string, Cell>()
  private x = 0
  private y = 0
  private look: Look = 'day'
  private ratio = 1
  private size = LABEL_SIZE
  private family: string

  constructor(family: string) {
    this.family = family
    this.canvas.width = WIDTH
    this.canvas.height = 256
    this.context = this.canvas.getContext('2d', { willReadFrequently: false }) as CanvasRenderingContext2D
    this.texture = new CanvasTexture(this.canvas)
    this.texture.colorSpace = NoColorSpace
    this.texture.minFilter = this.texture.magFilter = LinearFilter
    this.texture.generateMipmaps = false
    this.texture.flipY = false
  }

  get width(): number {
    return this.canvas.width
  }

  get height(): number {
    return this.canvas.height
  }

  /** Start anew for another look, pixel ratio, font or text size (CSS pixels). Returns whether anything differs. */
  configure(look: Look, ratio: number, family: string, size: number): boolean {
    if (look === this.look && ratio === this.ratio && family === this.family && size === this.size) return false
    this.look = look
    this.ratio = ratio
    this.family = family
    this.size = size
    this.clear()
    return true
  }

  clear(): void {
    this.cells.clear()
    this.x = this.y = 0
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height)
    this.texture.needsUpdate = true
  }

  /** The picture of a label; null where the atlas is full. */
  cell(label: Label): Cell | null {
    const kind = label.kind ?? 'place'
    const key = `${kind}\n${label.text}`
    const known = this.cells.get(key)
    if (known) return known
    const cell = this.reserve(kind, label.text)
    if (!cell) return null
    this.draw(cell, kind, label.text)
    this.cells.set(key, cell)
    this.texture.needsUpdate = true
    return cell
  }

  dispose(): void {
    this.texture.dispose()
  }

  /** Atlas pixels for a pixel of the drawing, which is made for text of the default size. */
  private get scale(): number {
    return (this.ratio * this.size) / LABEL_SIZE
  }

  private get font(): string {
    return `600 ${LABEL_SIZE * this.scale}px ${this.family}`
  }

  private reserve(kind: LabelKind, text: string): Cell | null {
    this.context.font = this.font
    const marker = kind === 'place' ? 0 : HEIGHT
    const { scale, ratio } = this
    const textWidth = text ? this.context.measureText(text).width / scale : 0
    const width = Math.min(WIDTH / scale - 2, Math.ceil(text ? marker + textWidth + (marker ? 12 : 18) : Math.max(marker, 10)))
    const height = HEIGHT + (kind === 'place' ? STEM : 0)
    const pixelWidth = Math.ceil(width * scale)
    const pixelHeight = Math.ceil(height * scale)
    const row = Math.ceil((HEIGHT + STEM) * scale) + 2
    if (this.x + pixelWidth + 2 > this.canvas.width) {
      this.x = 0
      this.y += row
    }
    if (this.y + row > this.canvas.height && !this.grow(this.y + row)) return null
    const cell = { u: this.x, v: this.y, pixelWidth, pixelHeight, width: (width * scale) / ratio, height: (height * scale) / ratio, marker: (marker * scale) / ratio }
    this.x += pixelWidth + 2
    return cell
  }

  private grow(needed: number): boolean {
    let height = this.canvas.height
    while (height < needed) height *= 2
    if (height > MAX) return false
    const copy = this.context.getImageData(0, 0, this.canvas.width, this.canvas.height)
    this.canvas.height = height
    this.context.putImageData(copy, 0, 0)
    // A texture on the card has a fixed size: a grown one is made anew.
    this.texture.dispose()
    return true
  }

  private draw(cell: Cell, kind: LabelKind, text: string): void {
    const { context, scale } = this
    const pill = PILL[this.look]
    // From here on in pixels of the drawing.
    const marker = cell.marker ? HEIGHT : 0
    const right = (cell.width * this.ratio) / scale
    context.save()
    context.translate(cell.u, cell.v)
    context.scale(scale, scale)
    if (text) {
      const left = marker ? marker / 2 : 0.5
      context.beginPath()
      context.roundRect(left, 2.5, right - left - 0.5, HEIGHT - 5, (HEIGHT - 5) / 2)
      if (kind === 'place') {
        const middle = right / 2
        context.moveTo(middle - 5, HEIGHT - 2.5)
        context.lineTo(middle, HEIGHT + STEM - 1.5)
        context.lineTo(middle + 5, HEIGHT - 2.5)
      }
      context.fillStyle = pill.fill
      context.fill()
      context.beginPath()
      context.roundRect(left, 2.5, right - left - 0.5, HEIGHT - 5, (HEIGHT - 5) / 2)
      context.strokeStyle = pill.line
      context.lineWidth = 1
      context.stroke()
    }
    if (marker) drawMarker(context, kind, marker / 2, HEIGHT / 2, HEIGHT / 2 - 3.5)
    context.restore()
    if (!text) return
    context.save()
    context.font = this.font
    context.fillStyle = pill.text
    context.textBaseline = 'middle'
    context.beginPath()
    context.rect(cell.u, cell.v, cell.pixelWidth - 6 * scale, cell.pixelHeight)
    context.clip()
    context.fillText(text, cell.u + (marker ? marker + 3 : 9) * scale, cell.v + (HEIGHT / 2 + 0.5) * scale)
    context.restore()
  }
}
