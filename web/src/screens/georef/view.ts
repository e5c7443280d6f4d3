/** The plan's window on the park: middle and scale, and what follows from them. */
import type { PlanLayer, Ring } from '../../api/georef'
import type { Point } from './draft'

/** x, y: the park's metres in the middle of the window; scale: metres in one pixel. */
export interface View {
  x: number
  y: number
  scale: number
}

export interface Size {
  width: number
  height: number
}

const MARGIN = 1.25
const SMALLEST_M = 40
const [FINEST, COARSEST] = [0.005, 5000]
/** A candidate farther off than this many widths of the park would make everything else a dot: it is shown when chosen. */
const FAR = 3

/** A window around points. */
export function around(points: readonly Point[], { width, height }: Size): View {
  if (points.length === 0) return { x: 0, y: 0, scale: 1 }
  const xs = points.map((point) => point[0])
  const ys = points.map((point) => point[1])
  const [x0, x1, y0, y1] = [min(xs), max(xs), min(ys), max(ys)]
  const scale = Math.max(Math.max(x1 - x0, SMALLEST_M) / Math.max(width, 1), Math.max(y1 - y0, SMALLEST_M) / Math.max(height, 1)) * MARGIN
  return { x: (x0 + x1) / 2, y: (y0 + y1) / 2, scale: clamp(scale) }
}

/** The corners of the buildings, else of all that is drawn, and of the rectangles those that are not far off. */
export function worthShowing(plan: readonly PlanLayer[], rings: readonly (readonly Point[])[]): Point[] {
  const buildings = plan.filter((layer) => layer.group !== 'base' && layer.group !== 'neighbour')
  const corners: Point[] = (buildings.length > 0 ? buildings : plan).flatMap((layer) => layer.boxes.flatMap(([x0, y0, x1, y1]): Point[] => [[x0, y0], [x1, y1]]))
  if (corners.length === 0) return rings.flat()
  const [xs, ys] = [corners.map((point) => point[0]), corners.map((point) => point[1])]
  const reach = FAR * Math.max(max(xs) - min(xs), max(ys) - min(ys), SMALLEST_M)
  const [x, y] = [(max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2]
  return [...corners, ...rings.filter((ring) => ring.every((point) => Math.hypot(point[0] - x, point[1] - y) <= reach)).flat()]
}

/** Zoomed by a factor, so that the point under the pointer stays there. */
export function zoomed(view: View, factor: number, at: Point): View {
  const scale = clamp(view.scale * factor)
  const share = scale / view.scale
  return { x: at[0] + (view.x - at[0]) * share, y: at[1] + (view.y - at[1]) * share, scale }
}

/** A round length for the scale bar, the longest of 1, 2, 5 · 10ⁿ metres that fits. */
export function roundLength(metres: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(metres, 1e-3)))
  return ([5, 2, 1].find((step) => step * power <= metres) ?? 1) * power
}

/** One path of all rectangles of a layer, in metres, y up. */
export function boxesPath(boxes: PlanLayer['boxes']): string {
  return boxes.map(([x0, y0, x1, y1]) => `M${x0} ${y0}H${x1}V${y1}H${x0}Z`).join('')
}

/** One path of closed rings, in metres, y up. */
export function ringsPath(rings: readonly Ring[]): string {
  return rings.map((ring) => `M${ring.map(([x, y]) => `${x} ${y}`).join('L')}Z`).join('')
}

function clamp(scale: number): number {
  return Math.min(COARSEST, Math.max(FINEST, scale))
}

// Spread arguments overflow the stack at some hundred thousand values.
function min(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity)
}

function max(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity)
}
