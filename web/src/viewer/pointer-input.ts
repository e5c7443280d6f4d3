import type { Drag } from './plugin'

/** Clicks, hovering and the menu key on the stage, told apart from drags. */
export interface PointerHandlers {
  click: (x: number, y: number, event: PointerEvent) => void
  /** A press of the main button, before the camera sees it: what takes it has the whole drag. */
  grab: (x: number, y: number, event: PointerEvent) => Drag | null
  doubleClick: (x: number, y: number) => void
  hover: (x: number, y: number, event: PointerEvent) => void
  leave: (event: PointerEvent) => void
  menu: (x: number, y: number, event: PointerEvent) => void
  cancel: () => boolean
  /** Any other key; true when it was used. */
  key: (event: KeyboardEvent) => boolean
}

/** Pixels that a click may move, and milliseconds between two looks under the pointer. */
const SLACK = 5
const HOVER_MS = 80
/** Milliseconds that a finger rests to open the menu, for want of a right button. */
const REST_MS = 550

export class PointerInput {
  private down: { x: number; y: number; button: number } | null = null
  private dragging = false
  private drag: Drag | null = null
  private hovering: PointerEvent | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private rest: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly element: HTMLElement,
    private readonly handlers: PointerHandlers,
  ) {
    // Captured: camera controls listen on the same element.
    element.addEventListener('pointerdown', this.onGrab, true)
    element.addEventListener('pointerdown', this.onDown)
    element.addEventListener('pointermove', this.onMove)
    element.addEventListener('pointerup', this.onUp)
    element.addEventListener('pointercancel', this.onCancel)
    element.addEventListener('pointerleave', this.onLeave)
    element.addEventListener('dblclick', this.onDouble)
    element.addEventListener('contextmenu', this.onMenu)
    element.addEventListener('keydown', this.onKey)
  }

  dispose(): void {
    clearTimeout(this.timer)
    clearTimeout(this.rest)
    this.element.removeEventListener('pointerdown', this.onGrab, true)
    this.element.removeEventListener('pointerdown', this.onDown)
    this.element.removeEventListener('pointermove', this.onMove)
    this.element.removeEventListener('pointerup', this.onUp)
    this.element.removeEventListener('pointercancel', this.onCancel)
    this.element.removeEventListener('pointerleave', this.onLeave)
    this.element.removeEventListener('dblclick', this.onDouble)
    this.element.removeEventListener('contextmenu', this.onMenu)
    this.element.removeEventListener('keydown', this.onKey)
  }

  private at(event: MouseEvent): [number, number] {
    const box = this.element.getBoundingClientRect()
    return [event.clientX - box.left, event.clientY - box.top]
  }

  private readonly onGrab = (event: PointerEvent): void => {
    if (event.button !== 0 || this.drag) return
    const drag = this.handlers.grab(...this.at(event), event)
    if (!drag) return
    this.drag = drag
    this.element.focus({ preventScroll: true })
    this.element.setPointerCapture(event.pointerId)
    event.stopImmediatePropagation()
  }

  private readonly onCancel = (): void => {
    clearTimeout(this.rest)
    this.drag?.cancel()
    this.drag = this.down = null
  }

  private readonly onDown = (event: PointerEvent): void => {
    this.element.focus({ preventScroll: true })
    clearTimeout(this.rest)
    this.dragging = !event.isPrimary
    // A second finger pinches: that is no click, whichever finger leaves first.
    if (this.dragging) return
    const down = (this.down = { x: event.clientX, y: event.clientY, button: event.button })
    if (event.pointerType !== 'touch') return
    // Moves are told before a frame: a finger that moved while the page was busy did not rest, so the frame is awaited.
    this.rest = setTimeout(() => requestAnimationFrame(() => this.rested(down, event)), REST_MS)
  }

  private rested(down: PointerInput['down'], event: PointerEvent): void {
    if (this.down !== down || this.dragging) return
    this.down = null
    // The mouse events that browsers add when the finger leaves would close the menu again.
    this.element.addEventListener('touchend', (end) => end.preventDefault(), { once: true })
    this.handlers.menu(...this.at(event), event)
  }

  private readonly onMove = (event: PointerEvent): void => {
    if (this.drag) return this.drag.move(...this.at(event), event)
    if (this.down && Math.hypot(event.clientX - this.down.x, event.clientY - this.down.y) > SLACK) this.dragging = true
    if (this.down) return
    this.hovering = event
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      if (this.hovering && !this.down) this.handlers.hover(...this.at(this.hovering), this.hovering)
    }, HOVER_MS)
  }

  private readonly onUp = (event: PointerEvent): void => {
    const { drag } = this
    clearTimeout(this.rest)
    this.drag = null
    if (drag) return drag.end(...this.at(event), event)
    const down = this.down
    this.down = null
    if (!down || this.dragging || down.button !== event.button) return
    if (event.button === 0) this.handlers.click(...this.at(event), event)
    // The pointer event of the right button is the menu's: a drag with it pushes the ground and opens nothing.
    else if (event.button === 2) this.handlers.menu(...this.at(event), event)
  }

  private readonly onLeave = (event: PointerEvent): void => {
    this.hovering = null
    this.handlers.leave(event)
  }

  private readonly onDouble = (event: MouseEvent): void => this.handlers.doubleClick(...this.at(event))

  private readonly onMenu = (event: MouseEvent): void => event.preventDefault()

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') {
      if (this.handlers.key(event)) event.preventDefault()
      return
    }
    const dragged = this.drag !== null
    this.onCancel()
    // What was begun is dropped first; the host's own Escape comes with the next press.
    if (this.handlers.cancel() || dragged) event.preventDefault()
  }
}
