/** Fields of values over the ground: from points to a grid, and a grid to bytes. Park metres. */

/** min x, min y, max x, max y. */
export type Extent = readonly [number, number, number, number]

export interface FieldPoint {
  x: number
  y: number
  value: number
}

/** Values row by row from the south-west corner, `columns` a row; NaN where there is none. */
export interface FieldGrid {
  extent: Extent
  columns: number
  rows: number
  values: ArrayLike<number>
}

/**
 * Inverse distance weighting (Shepard 1968, power 2): the value at each cell's centre from all points within `radius` metres. Cells
 * without a point in reach, and points without a finite value, count for nothing.
 */
export function interpolate(points: readonly FieldPoint[], extent: Extent, columns: number, rows: number, radius = Infinity): FieldGrid {
  if (!(columns >= 1 && rows >= 1)) throw new Error(`A field of ${columns} × ${rows} cells was asked for: expected at least one.`)
  const known = points.filter((p) => Number.isFinite(p.value))
  const values = new Float32Array(columns * rows).fill(NaN)
  const [x0, y0, x1, y1] = extent
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const x = x0 + ((column + 0.5) / columns) * (x1 - x0)
      const y = y0 + ((row + 0.5) / rows) * (y1 - y0)
      let [sum, weights] = [0, 0]
      for (const p of known) {
        const d2 = (p.x - x) ** 2 + (p.y - y) ** 2
        if (d2 > radius * radius) continue
        const weight = 1 / Math.max(d2, 1e-6)
        sum += weight * p.value
        weights += weight
      }
      if (weights > 0) values[row * columns + column] = sum / weights
    }
  return { extent, columns, rows, values }
}

/** Two bytes a cell: value between `low` and `high` (0…255, times cover) and cover (255, 0 without a value): filtered alike, their quotient stays right at borders. */
export function fieldBytes({ columns, rows, values }: FieldGrid, low: number, high: number): Uint8Array<ArrayBuffer> {
  return valueBytes(values, columns * rows, low, high)
}

/** The same for any number of cells. */
export function valueBytes(values: ArrayLike<number>, cells: number, low: number, high: number): Uint8Array<ArrayBuffer> {
  if (values.length !== cells) throw new Error(`A field of ${cells} cells has ${values.length} values: expected ${cells}.`)
  if (!(high > low)) throw new Error(`A field's range is ${low} to ${high}: expected the second to be larger.`)
  const out = new Uint8Array(cells * 2)
  for (let i = 0; i < cells; i++) {
    const value = values[i] as number
    if (!Number.isFinite(value)) continue
    out[i * 2] = Math.round(Math.min(1, Math.max(0, (value - low) / (high - low))) * 255)
    out[i * 2 + 1] = 255
  }
  return out
}
