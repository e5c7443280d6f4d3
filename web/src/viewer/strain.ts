import type { StrainState } from './types'

/** Frames slower than this while the camera moves are too slow to steer by; faster than the second leave room for more. */
const SLOW_MS = 55
const QUICK_MS = 30
/** A pause of this length, counted from the first frame without movement, is rest. */
export const REST_MS = 400
const MOTION_MAX = 3
const MEMORY_MAX = 8
const STEP = 1.2
/** Moves in a row before their speed counts. */
const START = 5
/** From this coarseness on the picture has fewer pixels too: this share of those in a line. */
const BLUR_FROM = 1.5
const BLUR = 0.6

/**
 * How much coarser than asked for the picture is made: 1 is as asked. While the camera moves and frames are late it rises, and at rest
 * falls back to 1, so that the picture one looks at is whole. When the cache is full it rises too, because tiles that find no room
 * would leave holes, and falls slowly once there is room again.
 */
export class Strain {
  private motion = 1
  private memory = 1
  private smooth = 0
  private streak = 0
  private moved = -Infinity
  private stood: number | null = 0

  /** What the error that tiles may have is multiplied by. */
  get factor(): number {
    return this.motion * this.memory
  }

  get state(): StrainState {
    return { factor: this.factor, memory: this.memory, frames: this.motion }
  }

  /** Whether something is left out because the camera moves and frames are late; so until rest, because coming and going would flicker. */
  moving = false
  /** Pixels in a line, as a share of those at rest; so until rest. */
  sharpness = 1

  /** The camera moved at `now`, milliseconds: called once a frame of movement. */
  move(now: number): void {
    const interval = now - this.moved
    const rested = this.stood !== null && now - this.stood > REST_MS
    this.moved = now
    this.stood = null
    if (rested) this.streak = this.smooth = 0
    // A few jumps, as when a scene is opened, are no movement yet.
    if (this.streak++ < START) return
    this.smooth = this.smooth ? this.smooth * 0.7 + interval * 0.3 : interval
    if (this.smooth > SLOW_MS) this.motion = Math.min(MOTION_MAX, this.motion * STEP)
    else if (this.smooth < QUICK_MS) this.motion = Math.max(1, this.motion / STEP)
    this.moving ||= this.motion > 1
    if (this.motion > BLUR_FROM) this.sharpness = BLUR
  }

  /** The camera stands at `now`: called once a frame without movement. A frame that came late is no rest, however late. */
  stand(now: number): void {
    this.stood ??= now
    if (now - this.stood <= REST_MS) return
    this.motion = this.sharpness = 1
    this.moving = false
  }

  /** `share` of the cache that is in use, 0 … 1 and above. */
  fill(share: number): void {
    if (share >= 1) this.memory = Math.min(MEMORY_MAX, this.memory * STEP)
    else if (share < 0.6) this.memory = Math.max(1, this.memory / STEP)
  }
}
