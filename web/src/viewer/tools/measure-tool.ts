import { Vector3 } from 'three'
import type { PerspectiveCamera } from 'three'
import { toPark, toThree } from '../axes'
import type { Measurement, Vec3 } from '../types'
import { measure, metres } from './measurement'
import type { SnapKind } from './snap'

interface Mark {
  point: Vec3
  kind: SnapKind
}

const MAX_KEPT = 20
const a = new Vector3()

/** Distances by two clicks; everything is drawn on a 2D canvas above the stage, in words that need no translation. */
export class MeasureTool {
  readonly done: Measurement[] = []
  private start: Mark | null = null
  private cursor: Mark | null = null

  /** A click on a snapped point. Gives the measurement that it ended, or null. */
  click(point: Vector3, kind: SnapKind): Measurement | null {
    const mark = { point: toPark(point), kind }
    if (!this.start) {
      this.start = mark
      return null
    }
    const result = measure(this.start.point, mark.point)
    this.start = null
    this.done.push(result)
    if (this.done.length > MAX_KEPT) this.done.shift()
    return result
  }

  hover(point: Vector3 | null, kind: SnapKind): void {
    this.cursor = point ? { point: toPark(point), kind } : null
  }

  /** Drop a begun measurement; without one, drop all. Returns whether anything was dropped. */
  cancel(): boolean {
    const any = this.start !== null || this.done.length > 0
    if (this.start) this.start = null
    else this.done.length = 0
    return any
  }

  clear(): void {
    this.start = this.cursor = null
    this.done.length = 0
  }

  get empty(): boolean {
    return !this.start && !this.cursor && !this.done.length
  }

  /** Draw in CSS pixels; `frame` is the pane's left, top, width, height. */
  draw(context: CanvasRenderingContext2D, camera: PerspectiveCamera, frame: readonly [number, number, number, number], accent: string): void {
    const project = (p: Vec3): [number, number] | null => {
      toThree(p, a).project(camera)
      if (a.z > 1 || a.z < -1) return null
      return [frame[0] + (a.x * 0.5 + 0.5) * frame[2], frame[1] + (0.5 - a.y * 0.5) * frame[3]]
    }
    context.lineJoin = 'round'
    for (const m of this.done) this.line(context, project(m.from), project(m.to), m, accent)
    if (this.start && this.cursor) {
      this.line(context, project(this.start.point), project(this.cursor.point), measure(this.start.point, this.cursor.point), accent)
    }
    for (const mark of [this.start, this.cursor]) if (mark) this.mark(context, project(mark.point), mark.kind, accent)
  }

  private line(context: CanvasRenderingContext2D, from: [number, number] | null, to: [number, number] | null, m: Measurement, accent: string): void {
    if (!from || !to) return
    for (const [style, width] of [['rgba(255,255,255,0.9)', 4.5], [accent, 2]] as const) {
      context.strokeStyle = style
      context.lineWidth = width
      context.beginPath()
      context.moveTo(...from)
      context.lineTo(...to)
      context.stroke()
    }
    this.mark(context, from, 'face', accent)
    this.mark(context, to, 'face', accent)
    const lines = [metres(m.distance), `Δx ${metres(m.dx)}  Δy ${metres(m.dy)}  Δz ${metres(m.dz)}`]
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.font = '600 13px sans-serif'
    const width = Math.max(...lines.map((text, i) => ((context.font = i ? '11px sans-serif' : '600 13px sans-serif'), context.measureText(text).width))) + 18
    const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2 - 28]
    context.beginPath()
    context.roundRect(x - width / 2, y - 19, width, 38, 6)
    context.fillStyle = 'rgba(16,28,48,0.88)'
    context.fill()
    context.fillStyle = '#FFFFFF'
    context.font = '600 13px sans-serif'
    context.fillText(lines[0] as string, x, y - 7)
    context.fillStyle = '#C6D6EA'
    context.font = '11px sans-serif'
    context.fillText(lines[1] as string, x, y + 9)
  }

  /** Corner: square, edge: diamond, face: dot. */
  private mark(context: CanvasRenderingContext2D, at: [number, number] | null, kind: SnapKind, accent: string): void {
    if (!at) return
    const [x, y] = at
    context.beginPath()
    if (kind === 'vertex') context.rect(x - 5, y - 5, 10, 10)
    else if (kind === 'edge') {
      context.moveTo(x, y - 7)
      context.lineTo(x + 7, y)
      context.lineTo(x, y + 7)
      context.lineTo(x - 7, y)
      context.closePath()
    } else context.arc(x, y, 4, 0, 2 * Math.PI)
    context.fillStyle = '#FFFFFF'
    context.fill()
    context.strokeStyle = accent
    context.lineWidth = 2
    context.stroke()
  }
}
