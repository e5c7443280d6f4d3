/** Where to stand to see a box: plain arithmetic in park metres. */
import { unionBoxes } from '../axes'
import type { Box, CameraPose, Insets, Vec3 } from '../types'

/** What is looked at while there is nothing. */
export const EMPTY_PARK: Box = [-100, -100, 0, 100, 100, 30]

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

/** The part of the picture that nothing covers, in device coordinates: -1…1 rightwards and upwards. */
export interface Free {
  left: number
  right: number
  bottom: number
  top: number
}

/** What insets leave of a picture of `width` × `height` CSS pixels; null where they cover nothing, or so much that little is left. */
export function freePart({ left, right, top, bottom }: Insets, width: number, height: number): Free | null {
  if (left + right + top + bottom <= 0 || left + right > width * 0.85 || top + bottom > height * 0.85) return null
  return { left: (2 * left) / width - 1, right: 1 - (2 * right) / width, bottom: (2 * bottom) / height - 1, top: 1 - (2 * top) / height }
}

/**
 * The least distance, and the sideways shift at a distance, at which points `at` metres aside and `near` metres towards the eye lie
 * between `low` and `high`. `k`: half the picture a metre ahead, metres.
 */
function fitAxis(at: readonly number[], near: readonly number[], low: number, high: number, k: number): { distance: number; shift: (distance: number) => number } {
  // Each point asks for (at - shift) between low and high times k (distance - near): two half-planes in (distance, shift).
  const most = Math.max(...at.map((a, i) => a + k * high * (near[i] as number)))
  const least = Math.min(...at.map((a, i) => a + k * low * (near[i] as number)))
  return { distance: (most - least) / (k * (high - low)), shift: (d) => (most + least - k * (high + low) * d) / 2 }
}

/**
 * A pose from the direction `from` in which the boxes together just fill the free part of the picture (`margin` times as much as
 * they need); its target lies at the level of their middle, where the middle of the picture meets it.
 */
export function poseInFreePart(boxes: readonly Box[], from: Vec3, { fov, aspect }: Lens, free: Free, margin = 1): CameraPose {
  const middle = [0, 1, 2].map((i) => (Math.min(...boxes.map((b) => b[i] as number)) + Math.max(...boxes.map((b) => b[i + 3] as number))) / 2) as Vec3
  const length = Math.hypot(...from) || 1
  const back: Vec3 = [from[0] / length, from[1] / length, from[2] / length]
  const plan = Math.hypot(back[0], back[1])
  // Looking straight down north is up.
  const right: Vec3 = plan > 1e-6 ? [-back[1] / plan, back[0] / plan, 0] : [1, 0, 0]
  const up: Vec3 = [back[1] * right[2] - back[2] * right[1], back[2] * right[0] - back[0] * right[2], back[0] * right[1] - back[1] * right[0]]
  const corners = boxes.flatMap((box) =>
    Array.from({ length: 8 }, (_, c) => [0, 1, 2].map((i) => ((box[c & (1 << i) ? i + 3 : i] as number) - (middle[i] as number)) * margin) as Vec3),
  )
  const along = (axis: Vec3): number[] => corners.map((p) => p[0] * axis[0] + p[1] * axis[1] + p[2] * axis[2])
  const near = along(back)
  const k = Math.tan(fov / 2)
  const across = fitAxis(along(right), near, free.left, free.right, k * aspect)
  const upright = fitAxis(along(up), near, free.bottom, free.top, k)
  const distance = Math.max(across.distance, upright.distance, Math.max(...near) + 1.5)
  const [x, y] = [across.shift(distance), upright.shift(distance)]
  const position = middle.map((m, i) => m + (right[i] as number) * x + (up[i] as number) * y + (back[i] as number) * distance) as Vec3
  const level = back[2] > 0.05 ? (position[2] - middle[2]) / back[2] : distance
  const reach = Math.min(2 * distance, Math.max(0.5 * distance, level))
  return { position, target: position.map((p, i) => p - (back[i] as number) * reach) as Vec3 }
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
 * longer side when the park is long. Where panels cover part of the picture, the boxes fill what is left.
 */
export function homePose(boxes: readonly Box[], lens: Lens, free: Free | null = null): CameraPose {
  const box = unionBoxes(boxes) ?? EMPTY_PARK
  const long = (box[3] - box[0]) / Math.max(1, box[4] - box[1])
  const azimuth = long < 0.5 ? (122 * Math.PI) / 180 : (152 * Math.PI) / 180
  const from = direction(azimuth, (32 * Math.PI) / 180)
  return free ? poseInFreePart(boxes, from, lens, free, 1.04) : poseForBox(box, from, lens, 0.8)
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
