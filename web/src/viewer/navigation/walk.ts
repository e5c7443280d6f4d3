import { MathUtils, Ray, Vector3 } from 'three'
import type { PerspectiveCamera } from 'three'
import { toPark, toThree } from '../axes'
import type { CameraPose } from '../types'

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
const look = new Vector3()

/**
 * Walking: drag to look, WASD or arrows to go, Shift to run. A ray down keeps the eye 1.65 m above the floor (stairs and kerbs are
 * stepped over, edges are fallen from), rays ahead at knee and breast height stop at walls and let one slide along them.
 */
export class Walk {
  private readonly held = new Set<string>()
  private readonly eye = new Vector3()
  private yaw = 0
  private pitch = 0
  private fall = 0
  private settled = false
  private drag: { id: number; x: number; y: number } | null = null
  active = false

  constructor(
    private readonly camera: PerspectiveCamera,
    private readonly element: HTMLElement,
    private readonly probe: Probe,
    private readonly wake: () => void,
  ) {
    element.addEventListener('pointerdown', this.onDown)
    element.addEventListener('pointermove', this.onMove)
    element.addEventListener('pointerup', this.onUp)
    element.addEventListener('pointercancel', this.onUp)
  }

  /** Begin at `pose`: its position is the eye. Without floor below the eye it stays at its height. */
  start(pose: CameraPose): void {
    this.active = true
    this.pose = pose
  }

  stop(): void {
    this.active = false
    this.held.clear()
    this.drag = null
  }

  key(code: string, down: boolean): boolean {
    if (!/^(Key[WASD]|Arrow(Up|Down|Left|Right)|Shift(Left|Right))$/.test(code)) return false
    if (down) this.held.add(code)
    else this.held.delete(code)
    this.wake()
    return true
  }

  releaseKeys(): void {
    this.held.clear()
  }

  get pose(): CameraPose {
    this.direction(look)
    return { position: toPark(this.eye), target: toPark(look.multiplyScalar(5).add(this.eye)) }
  }

  set pose(pose: CameraPose) {
    toThree(pose.position, this.eye)
    toThree(pose.target, look).sub(this.eye)
    this.yaw = Math.atan2(-look.x, -look.z)
    this.pitch = MathUtils.clamp(Math.atan2(look.y, Math.hypot(look.x, look.z)), -1.2, 1.2)
    this.fall = 0
    this.settled = false
    this.apply()
  }

  /** Advance by `seconds`; whether anything moved. */
  update(seconds: number): boolean {
    const walked = this.walk(seconds)
    const stood = this.stand(seconds)
    if (walked || stood || !this.settled) this.apply()
    const moving = walked || stood
    this.settled = !moving
    return moving
  }

  dispose(): void {
    this.element.removeEventListener('pointerdown', this.onDown)
    this.element.removeEventListener('pointermove', this.onMove)
    this.element.removeEventListener('pointerup', this.onUp)
    this.element.removeEventListener('pointercancel', this.onUp)
  }

  private down(...codes: string[]): number {
    return codes.some((code) => this.held.has(code)) ? 1 : 0
  }

  private walk(seconds: number): boolean {
    const ahead = this.down('KeyW', 'ArrowUp') - this.down('KeyS', 'ArrowDown')
    const right = this.down('KeyD', 'ArrowRight') - this.down('KeyA', 'ArrowLeft')
    if (!ahead && !right) return false
    move.set(-Math.sin(this.yaw), 0, -Math.cos(this.yaw)).multiplyScalar(ahead)
    side.set(Math.cos(this.yaw), 0, -Math.sin(this.yaw)).multiplyScalar(right)
    move.add(side).normalize()
    const length = (this.down('ShiftLeft', 'ShiftRight') ? RUN : SPEED) * seconds
    // One axis after the other: what one wall stops, the other direction may still use.
    const moved = this.tryMove(move.x * length, 0)
    return this.tryMove(0, move.z * length) || moved
  }

  private tryMove(x: number, z: number): boolean {
    const length = Math.hypot(x, z)
    if (length < 1e-6) return false
    ray.direction.set(x / length, 0, z / length)
    for (const height of [STEP + 0.05 - EYE, 1.2 - EYE]) {
      ray.origin.copy(this.eye)
      ray.origin.y += height
      if (this.probe(ray, BODY + length) < BODY + length) return false
    }
    this.eye.x += x
    this.eye.z += z
    return true
  }

  private stand(seconds: number): boolean {
    ray.origin.copy(this.eye)
    ray.origin.y += STEP - EYE + 1
    ray.direction.copy(DOWN)
    const floor = ray.origin.y - this.probe(ray, 500)
    if (!Number.isFinite(floor)) return false
    const wanted = floor + EYE
    const gap = this.eye.y - wanted
    if (Math.abs(gap) < 1e-3) {
      this.fall = 0
      return false
    }
    if (gap < 0) {
      // Up a step: quick but not a jump.
      this.eye.y = Math.min(wanted, this.eye.y + Math.max(4 * seconds, -gap * 0.3))
      this.fall = 0
    } else {
      this.fall += FALL * seconds
      this.eye.y = Math.max(wanted, this.eye.y - Math.max(this.fall, 1.5) * seconds)
    }
    return true
  }

  private direction(out: Vector3): Vector3 {
    return out.set(-Math.sin(this.yaw) * Math.cos(this.pitch), Math.sin(this.pitch), -Math.cos(this.yaw) * Math.cos(this.pitch))
  }

  private apply(): void {
    this.camera.position.copy(this.eye)
    this.camera.up.set(0, 1, 0)
    this.camera.lookAt(this.direction(look).add(this.eye))
    this.camera.updateMatrixWorld()
  }

  private readonly onDown = (event: PointerEvent): void => {
    if (this.active && !this.drag) this.drag = { id: event.pointerId, x: event.clientX, y: event.clientY }
  }

  private readonly onMove = (event: PointerEvent): void => {
    if (!this.active || this.drag?.id !== event.pointerId) return
    const scale = (this.camera.fov * Math.PI) / 180 / Math.max(1, this.element.clientHeight)
    this.yaw += (event.clientX - this.drag.x) * scale
    this.pitch = MathUtils.clamp(this.pitch + (event.clientY - this.drag.y) * scale, -1.2, 1.2)
    this.drag = { id: event.pointerId, x: event.clientX, y: event.clientY }
    this.settled = false
    this.wake()
  }

  private readonly onUp = (event: PointerEvent): void => {
    if (this.drag?.id === event.pointerId) this.drag = null
  }
}
