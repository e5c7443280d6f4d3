import type { PerspectiveCamera } from 'three'
import type { Head } from './head'
import { addMotion, keyMotion, MOTION_KEYS, moves, padMotion, STILL } from './motion'
import type { Motion } from './motion'

/** Pixels that a finger pushes the stick for full speed, and the share of the stage's width at the left where it is a stick. */
const STICK = 60
const STICK_SIDE = 0.4
/** A resting gamepad is looked at so often. */
const POLL_MS = 60

interface Finger {
  id: number
  x: number
  y: number
  /** A stick stays where the finger came down. */
  stick: boolean
}

/** Keys, mouse, fingers and gamepads of somebody who walks or flies: looking turns the head at once, the rest becomes `motion`. */
export class Steering {
  private readonly held = new Set<string>()
  private readonly fingers = new Map<number, Finger>()
  private pushed: Motion = STILL
  private timer: ReturnType<typeof setInterval> | undefined
  private on = false
  /** The head turned since the last step. */
  turned = false

  constructor(
    private readonly camera: PerspectiveCamera,
    private readonly element: HTMLElement,
    private readonly head: Head,
    private readonly wake: () => void,
  ) {
    element.addEventListener('pointerdown', this.onDown)
    element.addEventListener('pointermove', this.onMove)
    element.addEventListener('pointerup', this.onUp)
    element.addEventListener('pointercancel', this.onUp)
  }

  set active(on: boolean) {
    this.on = on
    this.release()
    clearInterval(this.timer)
    // Gamepads have no events of their own.
    this.timer = on ? setInterval(() => moves(this.pad) && this.wake(), POLL_MS) : undefined
  }

  get active(): boolean {
    return this.on
  }

  get motion(): Motion {
    return addMotion(addMotion(keyMotion(this.held), this.pushed), this.pad)
  }

  key(code: string, down: boolean): boolean {
    if (!MOTION_KEYS.test(code)) return false
    if (down) this.held.add(code)
    else this.held.delete(code)
    this.wake()
    return true
  }

  release(): void {
    this.held.clear()
    this.fingers.clear()
    this.pushed = STILL
  }

  dispose(): void {
    this.active = false
    this.element.removeEventListener('pointerdown', this.onDown)
    this.element.removeEventListener('pointermove', this.onMove)
    this.element.removeEventListener('pointerup', this.onUp)
    this.element.removeEventListener('pointercancel', this.onUp)
  }

  private get pad(): Motion {
    const pads = globalThis.navigator?.getGamepads?.() ?? []
    const pad = pads.find((one) => one?.connected)
    return pad ? padMotion(pad) : STILL
  }

  private readonly onDown = (event: PointerEvent): void => {
    if (!this.on || (event.pointerType !== 'touch' && this.fingers.size > 0)) return
    const left = event.clientX - this.element.getBoundingClientRect().left
    const stick = event.pointerType === 'touch' && left < this.element.clientWidth * STICK_SIDE
    this.fingers.set(event.pointerId, { id: event.pointerId, x: event.clientX, y: event.clientY, stick })
  }

  private readonly onMove = (event: PointerEvent): void => {
    const finger = this.fingers.get(event.pointerId)
    if (!this.on || !finger) return
    const [dx, dy] = [event.clientX - finger.x, event.clientY - finger.y]
    if (finger.stick) this.pushed = addMotion(STILL, { ...STILL, ahead: -dy / STICK, right: dx / STICK, run: Math.hypot(dx, dy) > 1.8 * STICK })
    else {
      const scale = (this.camera.fov * Math.PI) / 180 / Math.max(1, this.element.clientHeight)
      this.head.turn(dx * scale, dy * scale)
      finger.x = event.clientX
      finger.y = event.clientY
      this.turned = true
    }
    this.wake()
  }

  private readonly onUp = (event: PointerEvent): void => {
    if (this.fingers.get(event.pointerId)?.stick) this.pushed = STILL
    this.fingers.delete(event.pointerId)
  }
}
