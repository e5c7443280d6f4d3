import CameraControls from 'camera-controls'
import { Box3, Matrix4, MathUtils, Quaternion, Raycaster, Sphere, Spherical, Vector2, Vector3, Vector4 } from 'three'
import type { PerspectiveCamera } from 'three'
import { toPark, toThree } from '../axes'
import type { CameraPose } from '../types'

CameraControls.install({ THREE: { Box3, Matrix4, MathUtils, Quaternion, Raycaster, Sphere, Spherical, Vector2, Vector3, Vector4 } })

const a = new Vector3()
const b = new Vector3()

/** Keys that move the camera while the stage has the focus, and how far in a second (share of the distance, radians). */
const KEYS: Record<string, (controls: CameraControls, step: number) => void> = {
  ArrowUp: (c, s) => void c.forward(c.distance * 0.7 * s, true),
  ArrowDown: (c, s) => void c.forward(-c.distance * 0.7 * s, true),
  ArrowLeft: (c, s) => void c.truck(-c.distance * 0.7 * s, 0, true),
  ArrowRight: (c, s) => void c.truck(c.distance * 0.7 * s, 0, true),
  KeyQ: (c, s) => void c.rotate(-1.4 * s, 0, true),
  KeyE: (c, s) => void c.rotate(1.4 * s, 0, true),
  PageUp: (c, s) => void c.rotate(0, -0.8 * s, true),
  PageDown: (c, s) => void c.rotate(0, 0.8 * s, true),
  Equal: (c, s) => void c.dolly(c.distance * 0.9 * s, true),
  NumpadAdd: (c, s) => void c.dolly(c.distance * 0.9 * s, true),
  Minus: (c, s) => void c.dolly(-c.distance * 1.3 * s, true),
  NumpadSubtract: (c, s) => void c.dolly(-c.distance * 1.3 * s, true),
}

/** Orbit: left turns, right (or two fingers) pushes along the ground, the wheel goes to the pointer. */
export class Orbit {
  readonly controls: CameraControls
  private readonly held = new Set<string>()

  constructor(
    private readonly camera: PerspectiveCamera,
    element: HTMLElement,
    private readonly wake: () => void,
  ) {
    const controls = (this.controls = new CameraControls(camera, element))
    controls.smoothTime = 0.18
    controls.draggingSmoothTime = 0.06
    controls.dollyToCursor = true
    controls.mouseButtons.right = CameraControls.ACTION.SCREEN_PAN
    // The library's own types leave this action out.
    ;(controls.touches as { two: number }).two = CameraControls.ACTION.TOUCH_DOLLY_SCREEN_PAN
    controls.touches.three = CameraControls.ACTION.TOUCH_SCREEN_PAN
    controls.maxPolarAngle = MathUtils.degToRad(88)
    controls.minDistance = 1.2
    controls.restThreshold = 0.002
    controls.addEventListener('controlstart', wake)
    controls.addEventListener('control', wake)
    controls.addEventListener('update', wake)
    element.addEventListener('wheel', wake, { passive: true })
    // The library measures a finger's way from the middle of both and takes an eighth of it: twice that follows the fingers.
    const pace = (event: Event): void => void (controls.dollySpeed = event instanceof PointerEvent && event.pointerType === 'touch' ? 2 : 1)
    for (const name of ['pointerdown', 'wheel']) element.addEventListener(name, pace, { capture: true, passive: true })
  }

  set enabled(on: boolean) {
    this.controls.enabled = on
    if (!on) this.held.clear()
  }

  /** The farthest one may go, metres. */
  setReach(metres: number): void {
    this.controls.maxDistance = metres
  }

  key(code: string, down: boolean): boolean {
    if (!(code in KEYS)) return false
    if (down) this.held.add(code)
    else this.held.delete(code)
    this.wake()
    return true
  }

  releaseKeys(): void {
    this.held.clear()
  }

  /** Advance by `seconds`; whether the camera still moves. */
  update(seconds: number): boolean {
    for (const code of this.held) KEYS[code]?.(this.controls, seconds)
    return this.controls.update(seconds) || this.held.size > 0
  }

  get pose(): CameraPose {
    return { position: toPark(this.controls.getPosition(a, false)), target: toPark(this.controls.getTarget(b, false)) }
  }

  set pose(pose: CameraPose) {
    toThree(pose.position, a)
    toThree(pose.target, b)
    void this.controls.setLookAt(a.x, a.y, a.z, b.x, b.y, b.z, false)
    this.controls.update(0)
    this.camera.updateMatrixWorld()
  }

  dispose(): void {
    this.controls.dispose()
  }
}
