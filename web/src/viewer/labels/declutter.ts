/** What is drawn of a label. */
export const NOTHING = 0
export const MARKER = 1
export const WHOLE = 2

/** A label on the screen, CSS pixels: the marker is a square around (x, y), the whole reaches from `left` to `right`. */
export interface Spot {
  x: number
  y: number
  /** Half the marker's side; 0 for labels without a marker. */
  half: number
  left: number
  right: number
  top: number
  bottom: number
  priority: number
  /** Behind the eye or off the screen. */
  outside: boolean
}

const CELL = 48

/**
 * Give room by priority: a label is drawn whole where it covers no better one, else as its marker alone, else not. Equal
 * priorities keep their order, so that labels do not flicker. Writes one of NOTHING, MARKER, WHOLE per spot.
 */
export function declutter(spots: readonly Spot[], width: number, out: Uint8Array): void {
  const columns = Math.max(1, Math.ceil(width / CELL) + 2)
  const cells = new Map<number, number[]>()
  const rects: number[] = []
  const order = Array.from(spots.keys()).sort((a, b) => (spots[b] as Spot).priority - (spots[a] as Spot).priority || a - b)

  const visit = (l: number, t: number, r: number, b: number, each: (cell: number) => boolean): boolean => {
    for (let row = Math.floor(t / CELL); row <= Math.floor(b / CELL); row++)
      for (let column = Math.floor(l / CELL); column <= Math.floor(r / CELL); column++)
        if (each(row * columns + column)) return true
    return false
  }
  const taken = (l: number, t: number, r: number, b: number): boolean =>
    visit(l, t, r, b, (cell) =>
      (cells.get(cell) ?? []).some((at) => l < (rects[at + 2] as number) && r > (rects[at] as number) && t < (rects[at + 3] as number) && b > (rects[at + 1] as number)),
    )
  const take = (l: number, t: number, r: number, b: number): void => {
    const at = rects.push(l, t, r, b) - 4
    visit(l, t, r, b, (cell) => {
      const list = cells.get(cell)
      if (list) list.push(at)
      else cells.set(cell, [at])
      return false
    })
  }

  for (const i of order) {
    const s = spots[i] as Spot
    if (s.outside) out[i] = NOTHING
    else if (!taken(s.left, s.top, s.right, s.bottom)) {
      take(s.left, s.top, s.right, s.bottom)
      out[i] = WHOLE
    } else if (s.half > 0 && !taken(s.x - s.half, s.y - s.half, s.x + s.half, s.y + s.half)) {
      take(s.x - s.half, s.y - s.half, s.x + s.half, s.y + s.half)
      out[i] = MARKER
    } else out[i] = NOTHING
  }
}
