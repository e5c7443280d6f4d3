/** A part of a large picture: where it is painted with a margin, and what of it is kept. Pixels. */
export interface Part {
  /** Painted: left, top, width, height in the whole picture. */
  paint: [number, number, number, number]
  /** Kept: left and top inside what is painted, and its size. */
  keep: [number, number, number, number]
}

/**
 * Cut a picture into parts of at most `most` pixels a side. Each is painted with a margin, so that outlines and occlusion, which look at
 * their neighbourhood, leave no seam.
 */
export function partsOf(width: number, height: number, most: number, margin = 32): Part[] {
  if (!(width > 0 && height > 0 && most > 2 * margin)) throw new Error(`A picture of ${width} × ${height} pixels cannot be cut into parts of ${most}: expected positive sizes.`)
  const step = most - 2 * margin
  const parts: Part[] = []
  for (let y = 0; y < height; y += step)
    for (let x = 0; x < width; x += step) {
      const w = Math.min(step, width - x)
      const h = Math.min(step, height - y)
      const left = Math.max(0, x - margin)
      const top = Math.max(0, y - margin)
      const right = Math.min(width, x + w + margin)
      const bottom = Math.min(height, y + h + margin)
      parts.push({ paint: [left, top, right - left, bottom - top], keep: [x - left, y - top, w, h] })
    }
  return parts
}

/** Largest side of a picture: 8K. */
export const MOST_PIXELS = 7680

/** The size of a picture as wide as asked for, in the shape of the stage, no side above 8K. */
export function pictureSize(width: number, stage: { width: number; height: number }): [number, number] {
  const shape = stage.height / stage.width
  const across = Math.min(width, MOST_PIXELS, MOST_PIXELS / Math.max(shape, 1e-6))
  return [Math.max(1, Math.round(across)), Math.max(1, Math.round(across * shape))]
}
