/** What somebody wants to do with their feet and head, from keys, a touch stick or a gamepad. Shares of full speed, -1…1. */
export interface Motion {
  ahead: number
  right: number
  up: number
  /** To the left and upwards. */
  turnLeft: number
  turnUp: number
  run: boolean
}

export const STILL: Readonly<Motion> = { ahead: 0, right: 0, up: 0, turnLeft: 0, turnUp: 0, run: false }
const DEAD = 0.15
const clamp = (v: number): number => Math.min(1, Math.max(-1, v))

/** Keys of walking and flying by `KeyboardEvent.code`; Q and E (or the page keys) sink and rise. */
export const MOTION_KEYS = /^(Key[WASDQE]|Arrow(Up|Down|Left|Right)|Page(Up|Down)|Shift(Left|Right)|Space)$/

export function keyMotion(held: ReadonlySet<string>): Motion {
  const any = (...codes: string[]): number => Number(codes.some((code) => held.has(code)))
  return {
    ahead: any('KeyW', 'ArrowUp') - any('KeyS', 'ArrowDown'),
    right: any('KeyD', 'ArrowRight') - any('KeyA', 'ArrowLeft'),
    up: any('KeyE', 'PageUp', 'Space') - any('KeyQ', 'PageDown'),
    turnLeft: 0,
    turnUp: 0,
    run: held.has('ShiftLeft') || held.has('ShiftRight'),
  }
}

/** The middle of a stick is never quite 0: a dead zone, then the rest from 0 to 1. */
export function stick(value: number): number {
  const size = Math.abs(value)
  return size < DEAD ? 0 : (Math.sign(value) * (size - DEAD)) / (1 - DEAD)
}

/** Standard mapping of the W3C gamepad: left stick goes, right stick looks, shoulders sink and rise, a pressed left stick or A runs. */
export function padMotion(pad: { axes: readonly number[]; buttons: readonly { pressed: boolean; value: number }[] }): Motion {
  const axis = (i: number): number => stick(pad.axes[i] ?? 0)
  const button = (i: number): number => pad.buttons[i]?.value ?? 0
  return {
    ahead: -axis(1) || 0,
    right: axis(0),
    up: Math.max(button(5), button(7)) - Math.max(button(4), button(6)),
    turnLeft: -axis(2) || 0,
    turnUp: -axis(3) || 0,
    run: (pad.buttons[0]?.pressed ?? false) || (pad.buttons[10]?.pressed ?? false),
  }
}

export function addMotion(a: Motion, b: Motion): Motion {
  return {
    ahead: clamp(a.ahead + b.ahead),
    right: clamp(a.right + b.right),
    up: clamp(a.up + b.up),
    turnLeft: clamp(a.turnLeft + b.turnLeft),
    turnUp: clamp(a.turnUp + b.turnUp),
    run: a.run || b.run,
  }
}

export function moves(m: Motion): boolean {
  return Boolean(m.ahead || m.right || m.up || m.turnLeft || m.turnUp)
}
