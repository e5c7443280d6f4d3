import type { Vec3 } from '../../types'
import { wording } from './measurement'
import type { Measurement } from './measurement'
import type { SnapKind } from './snap'

type Spot = [number, number]
export type Project = (point: Readonly<Vec3>) => Spot | null

const DARK = 'rgba(16,28,48,0.88)'

function stroke(context: CanvasRenderingContext2D, path: readonly (Spot | null)[], accent: string, closed = false): void {
  const spots = path.filter((spot): spot is Spot => spot !== null)
  if (spots.length < 2) return
  context.beginPath()
  for (const [x, y] of spots) context.lineTo(x, y)
  if (closed) context.closePath()
  for (const [style, width] of [['rgba(255,255,255,0.9)', 4.5], [accent, 2]] as const) {
    context.strokeStyle = style
    context.lineWidth = width
    context.stroke()
  }
}

/** Where a snap holds: corner a square, edge a diamond, face a dot. */
export function drawMark(context: CanvasRenderingContext2D, at: Spot | null, kind: SnapKind, accent: string): void {
  if (!at) return
  const [x, y] = at
  context.beginPath()
  if (kind === 'vertex') context.rect(x - 5, y - 5, 10, 10)
  else if (kind === 'edge') {
    for (const [dx, dy] of [[0, -7], [7, 0], [0, 7], [-7, 0]] as const) context.lineTo(x + dx, y + dy)
    context.closePath()
  } else context.arc(x, y, 4, 0, 2 * Math.PI)
  context.fillStyle = '#FFFFFF'
  context.fill()
  context.strokeStyle = accent
  context.lineWidth = 2
  context.stroke()
}

function tag(context: CanvasRenderingContext2D, x: number, y: number, [value, more]: [string, string]): void {
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  const fonts = ['600 13px sans-serif', '11px sans-serif'] as const
  const width = Math.max(...[value, more].map((text, i) => ((context.font = fonts[i as 0]), context.measureText(text).width))) + 18
  const half = more ? 19 : 12
  context.beginPath()
  context.roundRect(x - width / 2, y - half, width, half * 2, 6)
  context.fillStyle = DARK
  context.fill()
  context.fillStyle = '#FFFFFF'
  context.font = fonts[0]
  context.fillText(value, x, more ? y - 7 : y)
  if (!more) return
  context.fillStyle = '#C6D6EA'
  context.font = fonts[1]
  context.fillText(more, x, y + 9)
}

/** Draw one measurement, finished or not, in CSS pixels. */
export function drawMeasurement(context: CanvasRenderingContext2D, m: Measurement, project: Project, accent: string): void {
  const spots = m.points.map(project)
  context.lineJoin = 'round'
  if (m.kind === 'area') {
    const whole = spots.filter((spot): spot is Spot => spot !== null)
    if (whole.length === spots.length) {
      context.beginPath()
      for (const [x, y] of whole) context.lineTo(x, y)
      context.closePath()
      context.globalAlpha = 0.2
      context.fillStyle = accent
      context.fill()
      context.globalAlpha = 1
    }
    stroke(context, spots, accent, true)
  } else if (m.kind === 'height') {
    // The upright is what is measured; a level line leads to it from the higher point.
    const foot: Vec3 = [m.from[0], m.from[1], m.to[2]]
    stroke(context, [spots[0] ?? null, project(foot)], accent)
    context.setLineDash([4, 4])
    stroke(context, [project(foot), spots.at(-1) ?? null], accent)
    context.setLineDash([])
  } else stroke(context, spots, accent)
  for (const spot of spots) drawMark(context, spot, 'face', accent)
  const told = spots.filter((spot): spot is Spot => spot !== null)
  if (!told.length) return
  const middle = m.kind === 'angle' ? (told[1] ?? told[0]) : [told.reduce((s, [x]) => s + x, 0) / told.length, told.reduce((s, [, y]) => s + y, 0) / told.length]
  tag(context, (middle as Spot)[0], (middle as Spot)[1] - 28, wording(m))
}
