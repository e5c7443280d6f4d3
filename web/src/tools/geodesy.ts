/**
 * The park frame on the globe: east, north, up in metres around the park's origin, the tangent plane of the
 * WGS 84 ellipsoid there. The same formulas as twin/geometry/frame.py.
 */
const A = 6378137
const F = 1 / 298.257223563
const E2 = F * (2 - F)
const DEGREE = Math.PI / 180

export type Vector = readonly [number, number, number]

export interface Globe {
  longitude: number
  latitude: number
  height: number
}

function geocentric({ longitude, latitude, height }: Globe): Vector {
  const [l, p] = [longitude * DEGREE, latitude * DEGREE]
  const n = A / Math.sqrt(1 - E2 * Math.sin(p) ** 2)
  return [(n + height) * Math.cos(p) * Math.cos(l), (n + height) * Math.cos(p) * Math.sin(l), (n * (1 - E2) + height) * Math.sin(p)]
}

/** Rows: east, north, up at a point, in geocentric axes. */
function axes({ longitude, latitude }: Globe): readonly [Vector, Vector, Vector] {
  const [sl, cl] = [Math.sin(longitude * DEGREE), Math.cos(longitude * DEGREE)]
  const [sp, cp] = [Math.sin(latitude * DEGREE), Math.cos(latitude * DEGREE)]
  return [[-sl, cl, 0], [-sp * cl, -sp * sl, cp], [cp * cl, cp * sl, sp]]
}

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

/** Longitude and latitude in degrees, height in metres → metres in the park frame. */
export function toPark(origin: Globe, point: Globe): Vector {
  const [o, g] = [geocentric(origin), geocentric(point)]
  const d: Vector = [g[0] - o[0], g[1] - o[1], g[2] - o[2]]
  const [east, north, up] = axes(origin)
  return [dot(d, east), dot(d, north), dot(d, up)]
}

/** Metres in the park frame → longitude, latitude, height. Bowring's iteration: four rounds are exact to a nanometre. */
export function toGlobe(origin: Globe, [x, y, z]: Vector): Globe {
  const o = geocentric(origin)
  const [east, north, up] = axes(origin)
  const at = (i: 0 | 1 | 2): number => o[i] + x * east[i] + y * north[i] + z * up[i]
  const [gx, gy, gz] = [at(0), at(1), at(2)]
  const p = Math.hypot(gx, gy)
  let latitude = Math.atan2(gz, p * (1 - E2))
  for (let round = 0; round < 4; round++) {
    const n = A / Math.sqrt(1 - E2 * Math.sin(latitude) ** 2)
    latitude = Math.atan2(gz + E2 * n * Math.sin(latitude), p)
  }
  const n = A / Math.sqrt(1 - E2 * Math.sin(latitude) ** 2)
  const height = p * Math.cos(latitude) + gz * Math.sin(latitude) - n * (1 - E2 * Math.sin(latitude) ** 2)
  return { longitude: Math.atan2(gy, gx) / DEGREE, latitude: latitude / DEGREE, height }
}

/** Degrees by which true east at a point is turned, counter-clockwise, in the park frame: meridians meet at the pole. */
export function convergence(origin: Globe, point: Globe): number {
  const step = point.latitude > 0 ? -1e-5 : 1e-5 // about a metre, away from the pole
  const [here, ahead] = [toPark(origin, point), toPark(origin, { ...point, latitude: point.latitude + step })]
  const north = [(ahead[0] - here[0]) * Math.sign(step), (ahead[1] - here[1]) * Math.sign(step)] as const
  return Math.atan2(-north[0], north[1]) / DEGREE
}
