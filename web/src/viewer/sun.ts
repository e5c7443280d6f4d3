import { Vector3 } from 'three'
import { getPosition } from 'suncalc'

export interface SunState {
  /** Unit vector from the ground to the sun in three.js axes. */
  direction: Vector3
  /** Degrees above the horizon. */
  altitude: number
  /** 0 below the horizon … 1 in full day. */
  strength: number
  /** Red, green, blue of the light, linear: warm when low. */
  colour: [number, number, number]
}

/**
 * The sun over a place at a moment. suncalc gives azimuth in degrees from north, clockwise, and altitude with
 * refraction; park north is the meridian at the origin (the frame is east-north-up there), so no convergence is added.
 */
export function sunAt(date: Date, latitude: number, longitude: number): SunState {
  const { azimuth, altitude } = getPosition(date, latitude, longitude)
  const a = (azimuth * Math.PI) / 180
  const h = (altitude * Math.PI) / 180
  const direction = new Vector3(Math.sin(a) * Math.cos(h), Math.sin(h), -Math.cos(a) * Math.cos(h))
  const strength = Math.min(1, Math.max(0, (altitude + 1) / 9))
  const low = Math.min(1, Math.max(0, 1 - altitude / 25))
  return { direction, altitude, strength, colour: [1, 0.97 - 0.22 * low, 0.92 - 0.5 * low] }
}

/** The default sun: east-south-east, 47° high, so that fronts are lit and shadows seen from the south. */
export const DRAWING_SUN: SunState = {
  direction: new Vector3(0.86, 1.05, 0.48).normalize(),
  altitude: 48,
  strength: 1,
  colour: [1, 0.96, 0.9],
}
