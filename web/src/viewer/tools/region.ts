/** A region on the screen as a closed polygon, and what of a drawing lies in it. Plain arithmetic in CSS pixels. */
export type Point = readonly [number, number]

export interface Bounds {
  left: number
  top: number
  right: number
  bottom: number
}

export function boundsOf(polygon: readonly Point[]): Bounds {
  const xs = polygon.map(([x]) => x)
  const ys = polygon.map(([, y]) => y)
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) }
}

/** Twice the signed area: positive where the polygon was drawn clockwise on the screen (y down). */
export function turning(polygon: readonly Point[]): number {
  return polygon.reduce((sum, [x, y], i) => {
    const [nx, ny] = polygon[(i + 1) % polygon.length] as Point
    return sum + x * ny - nx * y
  }, 0)
}

/** Even-odd rule. */
export function contains(polygon: readonly Point[], x: number, y: number): boolean {
  let inside = false
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i] as Point
    const [xj, yj] = polygon[j] as Point
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}

const side = (a: Point, b: Point, x: number, y: number): number => (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])

function crosses(a: Point, b: Point, c: Point, d: Point): boolean {
  return side(a, b, c[0], c[1]) * side(a, b, d[0], d[1]) < 0 && side(c, d, a[0], a[1]) * side(c, d, b[0], b[1]) < 0
}

/** Whether a triangle and a polygon have any point in common. */
export function touches(polygon: readonly Point[], a: Point, b: Point, c: Point): boolean {
  for (const [x, y] of [a, b, c]) if (contains(polygon, x, y)) return true
  const [px, py] = polygon[0] as Point
  const s = [side(a, b, px, py), side(b, c, px, py), side(c, a, px, py)]
  if (s.every((v) => v >= 0) || s.every((v) => v <= 0)) return true
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const p = polygon[j] as Point
    const q = polygon[i] as Point
    if (crosses(p, q, a, b) || crosses(p, q, b, c) || crosses(p, q, c, a)) return true
  }
  return false
}
