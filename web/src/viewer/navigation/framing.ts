import type { Box, CameraPose, Insets, Vec3 } from '../types'
import { EMPTY_PARK, freePart, homePose, poseForBox, poseInFreePart } from './compose'
import type { Free, Lens } from './compose'
import type { Navigator } from './navigator'

const NOTHING_COVERED: Insets = { left: 0, right: 0, top: 0, bottom: 0 }

/** Composes views for the part of the stage that the host's panels leave free, and keeps the first view composed. */
export class Framing {
  /** What the first view shows, park metres; at least one. */
  homeBoxes: readonly Box[] = [EMPTY_PARK]
  /** Where `home` put the camera. */
  private homed: CameraPose | null = null

  constructor(
    private readonly navigator: Navigator,
    /** The stage in CSS pixels. */
    private readonly stage: { readonly width: number; readonly height: number },
    private insets: Insets = NOTHING_COVERED,
  ) {}

  home(seconds?: number): Promise<void> {
    this.homed = homePose(this.homeBoxes, this.lens, this.free)
    return this.navigator.go(this.homed, seconds)
  }

  /** Go where the whole box is seen from the direction `from`; without it the heading stays, 20° to 60° downwards. */
  flyTo(box: Box, from?: Vec3, seconds?: number): Promise<void> {
    const { position, target } = this.navigator.pose
    let way: Vec3 = from ?? [position[0] - target[0], position[1] - target[1], position[2] - target[2]]
    if (!from) {
      const plan = Math.hypot(way[0], way[1]) || 1
      const slope = Math.min(1.73, Math.max(0.36, way[2] / plan))
      way = [way[0] / plan, way[1] / plan, slope]
    }
    const { free, lens } = this
    return this.navigator.go(free ? poseInFreePart([box], way, lens, free, 1.25) : poseForBox(box, way, lens, 1.25), seconds)
  }

  setInsets(insets: Insets): void {
    const { left, right, top, bottom } = this.insets
    if (left === insets.left && right === insets.right && top === insets.top && bottom === insets.bottom) return
    this.insets = { ...insets }
    this.keep()
  }

  /** Compose the first view again where the stage changed and nobody has left it. */
  keep(): void {
    const { homed } = this
    if (!homed || this.navigator.mode !== 'orbit') return
    const at = this.navigator.pose
    const near = 1e-3 * this.navigator.distance
    const still = [0, 1, 2].every((i) => apart(at.position, homed.position, i) < near && apart(at.target, homed.target, i) < near)
    if (still) void this.home(0)
  }

  private get lens(): Lens {
    return { fov: this.navigator.fov, aspect: this.stage.width / this.stage.height }
  }

  private get free(): Free | null {
    return freePart(this.insets, this.stage.width, this.stage.height)
  }
}

function apart(a: Vec3, b: Vec3, axis: number): number {
  return Math.abs((a[axis] as number) - (b[axis] as number))
}
