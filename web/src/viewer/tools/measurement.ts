import type { Measurement, Vec3 } from '../types'

/** Distance between two points in park metres. */
export function measure(from: Vec3, to: Vec3): Measurement {
  const [dx, dy, dz] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]]
  return { from, to, distance: Math.hypot(dx, dy, dz), dx, dy, dz }
}

/** Metres for a person: centimetres below a hundred, decimetres above. */
export function metres(value: number): string {
  return `${value.toFixed(Math.abs(value) < 100 ? 2 : 1)} m`
}
