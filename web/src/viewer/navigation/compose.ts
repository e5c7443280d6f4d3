/** Where to stand to see a box: plain arithmetic in park metres. */
import type { Box, CameraPose, Vec3 } from '../types'

export interface Lens {
  /** Vertical field of view, radians. */
  fov: number
  /** Width over height. */
  aspect: number
}

/** Distance from which a sphere of `radius` fills the picture, whichever way it is narrower. */
export function distanceToFit(radius: number, { fov, aspect }: Lens): number {
  const half = Math.min(fov / 2, Math.atan(Math.tan(fov / 2) * aspect))
  return radius / Math.sin(half)
}

/** Unit vector from what is looked at to the eye. Azimuth: radians clockwise from north; elevation above the horizon. */
export function direction(azimuth: number, elevation: number): Vec3 {
  return [Math.sin(azimuth) * Math.cos(elevation), Math.cos(azimuth) * Math.cos(elevation), Math.sin(elevation)]
}

/** A pose that shows the whole box from `from` (a direction towards the eye; need not have length one). */
export function poseForBox(box: Box, from: Vec3, lens: Lens, margin = 1.08): CameraPose {
  const target: Vec3 = [(box[0] + box[3]) / 2, (box[1] + box[4]) / 2, (box[2] + box[5]) / 2]
  const radius = Math.max(1.5, Math.hypot(box[3] - box[0], box[4] - box[1], box[5] - box[2]) / 2)
  const length = Math.hypot(...from) || 1
  const distance = distanceToFit(radius * margin, lens)
  return {
    target,
    position: [
      target[0] + (from[0] / length) * distance,
      target[1] + (from[1] / length) * distance,
      target[2] + (from[2] / length) * distance,
    ],
  }
}

/**
 * The first view of a park: from the south and a little to the side, 32° above the horizon, so that fronts are sunlit; along the
 * longer side when the park is long.
 */
export function homePose(box: Box, lens: Lens): CameraPose {
  const long = (box[3] - box[0]) / Math.max(1, box[4] - box[1])
  const azimuth = long < 0.5 ? (122 * Math.PI) / 180 : (152 * Math.PI) / 180
  return poseForBox(box, direction(azimuth, (32 * Math.PI) / 180), lens, 0.8)
}

/** Seconds for a flight: short ones 0.8, long ones 1.5. */
export function flightSeconds(from: CameraPose, to: CameraPose): number {
  const way = Math.hypot(...from.position.map((v, i) => v - (to.position[i] as number)))
  return Math.min(1.5, 0.8 + Math.log10(1 + way / 20) * 0.45)
}

const ease = (t: number) => (t < 0.5 ? 4 * t ** 3 : 1 - (-2 * t + 2) ** 3 / 2)

/**
 * The pose at share `t` (0…1) of a flight: eased, the eye rising on an arc in the middle so that it passes over what
 * stands between.
 */
export function arc(from: CameraPose, to: CameraPose, t: number): CameraPose {
  const s = ease(Math.min(1, Math.max(0, t)))
  const mix = (a: Vec3, b: Vec3): Vec3 => [a[0] + (b[0] - a[0]) * s, a[1] + (b[1] - a[1]) * s, a[2] + (b[2] - a[2]) * s]
  const position = mix(from.position, to.position)
  const plan = Math.hypot(to.position[0] - from.position[0], to.position[1] - from.position[1])
  position[2] += Math.sin(Math.PI * s) * Math.min(80, plan * 0.22)
  return { position, target: mix(from.target, to.target) }
}
