import type { Label, Look } from '../types'

export type LabelKind = NonNullable<Label['kind']>

/** One severity scale everywhere; the shape says it as well as the colour. */
export const MARKER_COLOURS: Record<LabelKind, string> = {
  critical: '#FF4D4F',
  major: '#FF8A34',
  minor: '#FFC53D',
  notice: '#4DA3FF',
  normal: '#37C98B',
  stale: '#7A879B',
  place: '#17233A',
}

/** Which labels win a quarrel for room, before their own `priority`. */
export const KIND_PRIORITY: Record<LabelKind, number> = { critical: 60, major: 50, minor: 40, notice: 30, stale: 20, normal: 15, place: 10 }

export const PILL: Record<Look, { fill: string; line: string; text: string }> = {
  day: { fill: 'rgba(255,255,255,0.93)', line: 'rgba(23,35,58,0.18)', text: '#17233A' },
  night: { fill: 'rgba(16,28,48,0.9)', line: 'rgba(120,170,255,0.35)', text: '#E6EEF9' },
}

function polygon(context: CanvasRenderingContext2D, cx: number, cy: number, r: number, corners: number, turn: number): void {
  context.beginPath()
  for (let i = 0; i < corners; i++) {
    const a = turn + (i * 2 * Math.PI) / corners
    context.lineTo(cx + r * Math.cos(a), cy + r * Math.sin(a))
  }
  context.closePath()
}

/** Outline of a marker as the current path: octagon, triangle, diamond, circle, square. */
function outline(context: CanvasRenderingContext2D, kind: LabelKind, cx: number, cy: number, r: number): void {
  if (kind === 'critical') polygon(context, cx, cy, r, 8, Math.PI / 8)
  else if (kind === 'major') polygon(context, cx, cy + r * 0.16, r * 1.12, 3, -Math.PI / 2)
  else if (kind === 'minor') polygon(context, cx, cy, r * 1.06, 4, -Math.PI / 2)
  else if (kind === 'stale') polygon(context, cx, cy, r * 1.15, 4, -Math.PI / 4)
  else {
    context.beginPath()
    context.arc(cx, cy, r * 0.92, 0, 2 * Math.PI)
  }
}

/** The sign inside: what colour-blind eyes read. */
function sign(context: CanvasRenderingContext2D, kind: LabelKind, cx: number, cy: number, r: number): void {
  const dark = kind === 'minor' || kind === 'major'
  context.strokeStyle = context.fillStyle = dark ? '#17233A' : '#FFFFFF'
  context.lineWidth = r * 0.26
  context.lineCap = 'round'
  context.lineJoin = 'round'
  context.beginPath()
  if (kind === 'normal') {
    context.moveTo(cx - r * 0.4, cy + r * 0.02)
    context.lineTo(cx - r * 0.1, cy + r * 0.34)
    context.lineTo(cx + r * 0.42, cy - r * 0.32)
    context.stroke()
  } else if (kind === 'stale') {
    for (const d of [-0.5, 0, 0.5]) {
      context.moveTo(cx + r * (d - 0.3), cy + r * 0.5)
      context.lineTo(cx + r * (d + 0.3), cy - r * 0.5)
    }
    context.lineWidth = r * 0.16
    context.stroke()
  } else if (kind === 'notice') {
    context.moveTo(cx, cy - r * 0.02)
    context.lineTo(cx, cy + r * 0.42)
    context.stroke()
    context.beginPath()
    context.arc(cx, cy - r * 0.42, r * 0.16, 0, 2 * Math.PI)
    context.fill()
  } else {
    const lift = kind === 'major' ? r * 0.1 : 0
    context.moveTo(cx, cy - r * 0.45 + lift)
    context.lineTo(cx, cy + r * 0.08 + lift)
    context.stroke()
    context.beginPath()
    context.arc(cx, cy + r * 0.44 + lift, r * 0.15, 0, 2 * Math.PI)
    context.fill()
  }
}

/** Draw a marker of radius `r` around (cx, cy). */
export function drawMarker(context: CanvasRenderingContext2D, kind: LabelKind, cx: number, cy: number, r: number): void {
  context.save()
  outline(context, kind, cx, cy, r)
  context.fillStyle = MARKER_COLOURS[kind]
  context.shadowColor = 'rgba(8,16,32,0.45)'
  context.shadowBlur = r * 0.35
  context.fill()
  context.shadowColor = 'transparent'
  context.strokeStyle = 'rgba(255,255,255,0.95)'
  context.lineWidth = r * 0.16
  context.stroke()
  sign(context, kind, cx, cy, r)
  context.restore()
}
