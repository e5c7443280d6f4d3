import { PerspectiveCamera, Ray, Vector3 } from 'three'
import { toPark, toThree } from '../axes'
import type { CameraPose, NavigationMode, Vec3 } from '../types'
import { arc, flightSeconds } from './compose'
import { Fly } from './fly'
import { Head } from './head'
import { Orbit } from './orbit'
import { Steering } from './steering'
import { EYE, Walk } from './walk'
import type { Probe } from './walk'

interface Flight {
  from: CameraPose
  to: CameraPose
  seconds: number
  elapsed: number
  done: () => void
}

const ORBIT_FOV = 40
const WALK_FOV = 68
const FLY_FOV = 55
/** Radians a second that a stick turns the head. */
const TURN = 1.8
const ray = new Ray()

/** The camera and the ways to move it: orbit, walk, fly, flights, keys. */
export class Navigator {
  readonly camera = new PerspectiveCamera(ORBIT_FOV, 1, 0.5, 5000)
  private readonly orbit: Orbit
  private readonly head: Head
  private readonly steering: Steering
  private readonly walk: Walk
  private readonly fly: Fly
  private flight: Flight | null = null
  private current: NavigationMode = 'orbit'

  constructor(
    private readonly element: HTMLElement,
    private readonly probe: Probe,
    private readonly wake: () => void,
  ) {
    this.orbit = new Orbit(this.camera, element, wake)
    this.head = new Head(this.camera)
    this.steering = new Steering(this.camera, element, this.head, wake)
    this.walk = new Walk(this.head, probe)
    this.fly = new Fly(this.head)
    element.addEventListener('keydown', this.onKey)
    element.addEventListener('keyup', this.onKey)
    element.addEventListener('blur', this.onBlur)
    element.addEventListener('pointerdown', this.cancelFlight)
    element.addEventListener('wheel', this.cancelFlight, { passive: true })
  }

  get mode(): NavigationMode {
    return this.current
  }

  get pose(): CameraPose {
    return this.current === 'orbit' ? this.orbit.pose : this.head.pose
  }

  /** Vertical field of view in radians, of orbit: flights are composed for it. */
  get fov(): number {
    return (ORBIT_FOV * Math.PI) / 180
  }

  /** A cut is a movement of one step: what it shows must be drawn. */
  private jumped = false

  /** Metres from the eye to what is looked at. */
  get distance(): number {
    const { position, target } = this.pose
    return Math.hypot(position[0] - target[0], position[1] - target[1], position[2] - target[2])
  }

  setReach(metres: number): void {
    this.orbit.setReach(metres)
  }

  /** Go to a pose; resolves when there, or when something else moved the camera. `seconds` 0 cuts. */
  go(pose: CameraPose, seconds?: number): Promise<void> {
    this.cancelFlight()
    const still = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? false
    const from = this.pose
    const duration = still ? 0 : (seconds ?? flightSeconds(from, pose))
    if (duration <= 0) {
      this.place(pose)
      this.jumped = true
      this.wake()
      return Promise.resolve()
    }
    return new Promise((done) => {
      this.flight = { from, to: pose, seconds: duration, elapsed: 0, done }
      this.wake()
    })
  }

  setMode(mode: NavigationMode): void {
    if (mode === this.current) return
    this.cancelFlight()
    const pose = this.pose
    const before = this.current
    this.current = mode
    this.orbit.enabled = mode === 'orbit'
    this.steering.active = mode !== 'orbit'
    this.camera.fov = { orbit: ORBIT_FOV, walk: WALK_FOV, fly: FLY_FOV }[mode]
    this.camera.updateProjectionMatrix()
    if (mode === 'fly') this.head.pose = pose
    else if (mode === 'walk') {
      this.walk.land()
      // From the air one comes down where one is, from afar where one looks.
      this.head.pose = before === 'fly' ? pose : this.entry(pose)
    } else if (before === 'fly') {
      // The orbit keeps the eye and turns around what it looks at.
      const { position, target } = pose
      const far = Math.max(30, position[2])
      this.orbit.pose = { position, target: position.map((v, i) => v + ((target[i] as number) - v) * (far / 5)) as Vec3 }
    } else {
      const { position, target } = pose
      const back: Vec3 = [position[0] - (target[0] - position[0]) * 3, position[1] - (target[1] - position[1]) * 3, position[2] + 9]
      this.orbit.pose = { position: back, target: position }
    }
    this.wake()
  }

  /** Advance; whether the camera still moves. */
  update(seconds: number): boolean {
    const { jumped } = this
    this.jumped = false
    return this.advance(seconds) || jumped
  }

  private advance(seconds: number): boolean {
    if (this.flight) {
      const flight = this.flight
      flight.elapsed += seconds
      const t = flight.elapsed / flight.seconds
      this.place(arc(flight.from, flight.to, t))
      if (t >= 1) {
        this.flight = null
        flight.done()
      }
      return true
    }
    return this.current === 'orbit' ? this.orbit.update(seconds) : this.steer(seconds)
  }

  dispose(): void {
    this.cancelFlight()
    this.orbit.dispose()
    this.steering.dispose()
    this.element.removeEventListener('keydown', this.onKey)
    this.element.removeEventListener('keyup', this.onKey)
    this.element.removeEventListener('blur', this.onBlur)
    this.element.removeEventListener('pointerdown', this.cancelFlight)
    this.element.removeEventListener('wheel', this.cancelFlight)
  }

  private place(pose: CameraPose): void {
    if (this.current === 'orbit') {
      this.orbit.pose = pose
      return
    }
    this.head.pose = pose
    this.walk.land()
  }

  /** One step on foot or in the air; whether anything moved. */
  private steer(seconds: number): boolean {
    const { motion, turned } = this.steering
    this.steering.turned = false
    this.head.turn(motion.turnLeft * TURN * seconds, motion.turnUp * TURN * seconds)
    const moved = this.current === 'walk' ? this.walk.update(seconds, motion) : this.fly.update(seconds, motion)
    const moving = moved || turned || motion.turnLeft !== 0 || motion.turnUp !== 0
    if (moving) this.head.apply()
    return moving
  }

  /** Where walking begins: where one looks at from afar, where one is when already near the ground. */
  private entry(pose: CameraPose): CameraPose {
    const far = Math.hypot(...pose.position.map((v, i) => v - (pose.target[i] as number)))
    const at = far > 12 ? pose.target : pose.position
    toThree([at[0], at[1], at[2] + 1], ray.origin)
    ray.direction.set(0, -1, 0)
    let down = this.probe(ray, 1000)
    if (!Number.isFinite(down)) {
      // The target may lie under the floor: look from above.
      ray.origin.y += 200
      down = this.probe(ray, 1200)
    }
    const eye = Number.isFinite(down) ? ray.origin.y - down + EYE : ray.origin.y + EYE - 1
    const heading = new Vector3(pose.target[0] - pose.position[0], pose.target[1] - pose.position[1], 0)
    if (heading.lengthSq() < 1e-6) heading.set(0, 1, 0)
    heading.normalize().multiplyScalar(5)
    const position = toPark(ray.origin.setY(eye))
    return { position, target: [position[0] + heading.x, position[1] + heading.y, position[2]] }
  }

  private readonly cancelFlight = (): void => {
    const flight = this.flight
    this.flight = null
    flight?.done()
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const down = event.type === 'keydown'
    const used = this.current === 'orbit' ? this.orbit.key(event.code, down) : this.steering.key(event.code, down)
    if (!used) return
    if (down) this.cancelFlight()
    event.preventDefault()
  }

  private readonly onBlur = (): void => {
    this.orbit.releaseKeys()
    this.steering.release()
  }
}
