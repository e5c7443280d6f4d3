import { Ray, Vector3 } from 'three'
import type { Head } from './head'
import type { Motion } from './motion'

/** Eye above the floor, what one steps over, and how near one comes to a wall: metres. */
export const EYE = 1.65
const STEP = 0.55
const BODY = 0.35
const SPEED = 1.6
const RUN = 5
const FALL = 9.81

/** Metres to the first solid thing along the ray, or Infinity. */
export type Probe = (ray: Ray, far: number) => number

const DOWN = new Vector3(0, -1, 0)
const ray = new Ray()
const move = new Vector3()
const side = new Vector3()

/**
 * Walking. A ray down keeps the eye 1.65 m above the floor (stairs and kerbs are stepped over, edges are fallen from), rays ahead at knee
 * and breast height stop at walls and let one slide along them. Without floor below the eye stays at its height.
 */
export class Walk {
  private fall = 0

  constructor(
    private readonly head: Head,
    private readonly probe: Probe,
  ) {}

  /** Begin anew where the head is. */
  land(): void {
    this.fall = 0
  }

  /** Advance by `seconds`; whether anything moved. */
  update(seconds: number, motion: Motion): boolean {
    const walked = this.walk(seconds, motion)
    return this.stand(seconds) || walked
  }

  private walk(seconds: number, { ahead, right, run }: Motion): boolean {
    if (!ahead && !right) return false
    const { yaw } = this.head
    move.set(-Math.sin(yaw), 0, -Math.cos(yaw)).multiplyScalar(ahead)
    side.set(Math.cos(yaw), 0, -Math.sin(yaw)).multiplyScalar(right)
    const share = Math.min(1, Math.hypot(ahead, right))
    move.add(side).normalize()
    const length = (run ? RUN : SPEED) * seconds * share
    // One axis after the other: what one wall stops, the other direction may still use.
    const moved = this.tryMove(move.x * length, 0)
    return this.tryMove(0, move.z * length) || moved
  }

  private tryMove(x: number, z: number): boolean {
    const length = Math.hypot(x, z)
    if (length < 1e-6) return false
    const { eye } = this.head
    ray.direction.set(x / length, 0, z / length)
    for (const height of [STEP + 0.05 - EYE, 1.2 - EYE]) {
      ray.origin.copy(eye)
      ray.origin.y += height
      if (this.probe(ray, BODY + length) < BODY + length) return false
    }
    eye.x += x
    eye.z += z
    return true
  }

  private stand(seconds: number): boolean {
    const { eye } = this.head
    ray.origin.copy(eye)
    ray.origin.y += STEP - EYE + 1
    ray.direction.copy(DOWN)
    const floor = ray.origin.y - this.probe(ray, 500)
    if (!Number.isFinite(floor)) return false
    const wanted = floor + EYE
    const gap = eye.y - wanted
    if (Math.abs(gap) < 1e-3) {
      this.fall = 0
      return false
    }
    if (gap < 0) {
      // Up a step: quick but not a jump.
      eye.y = Math.min(wanted, eye.y + Math.max(4 * seconds, -gap * 0.3))
      this.fall = 0
    } else {
      this.fall += FALL * seconds
      eye.y = Math.max(wanted, eye.y - Math.max(this.fall, 1.5) * seconds)
    }
    return true
  }
}
