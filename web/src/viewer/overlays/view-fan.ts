/** The directions in which a camera looks. Plain arithmetic in park axes. */
import type { Vec3 } from '../types'

export interface ViewCone {
  id: string
  position: Vec3
  /** Degrees clockwise from north. */
  heading: number
  /** Degrees above the horizon; cameras look down: negative. */
  pitch: number
  /** Whole angles of view, degrees. */
  width: number
  height: number
  /** Metres. */
  range: number
  /** 0xRRGGBB. */
  color: number
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** Throws where a cone cannot be drawn. */
export function checkCone({ id, width, height, range }: ViewCone): void {
  if (!(width > 0 && width < 180 && height > 0 && height < 180)) throw new Error(`The view "${id}" is ${width}° by ${height}°: expected angles between 0 and 180.`)
  if (!(range > 0)) throw new Error(`The view "${id}" reaches ${range} m: expected more than 0.`)
}

/** Unit directions over the picture, row by row from its top left: `columns` + 1 by `rows` + 1, as a lens without distortion has them. */
export function fan({ heading, pitch, width, height }: ViewCone, columns: number, rows: number): Vec3[] {
  const [h, p] = [radians(heading), radians(pitch)]
  const ahead: Vec3 = [Math.sin(h) * Math.cos(p), Math.cos(h) * Math.cos(p), Math.sin(p)]
  const right: Vec3 = [Math.cos(h), -Math.sin(h), 0]
  const up: Vec3 = [-Math.sin(h) * Math.sin(p), -Math.cos(h) * Math.sin(p), Math.cos(p)]
  const [tx, ty] = [Math.tan(radians(width) / 2), Math.tan(radians(height) / 2)]
  const out: Vec3[] = []
  for (let row = 0; row <= rows; row++)
    for (let column = 0; column <= columns; column++) {
      const [x, y] = [((column / columns) * 2 - 1) * tx, (1 - (row / rows) * 2) * ty]
      const d = [0, 1, 2].map((i) => (ahead[i] as number) + (right[i] as number) * x + (up[i] as number) * y) as Vec3
      const length = Math.hypot(...d)
      out.push([d[0] / length, d[1] / length, d[2] / length])
    }
  return out
}
