/** The view as address parameters, so that any state can be sent to somebody: object, theme, storey, camera. */
import type { CameraPose } from '../viewer/types'

export function poseToText(pose: CameraPose): string {
  return [...pose.position, ...pose.target].map((value) => String(Math.round(value * 10) / 10)).join(',')
}

/** Metres from the park's origin that a camera may stand or look at, as for the widget. */
const FARTHEST = 1e6
/** Metres between eye and target that give a direction. */
const NEAREST = 0.01

/** Whether a camera shows anything: within reach, and eye and target apart. Addresses can be cut off or mistyped. */
export function isPose({ position, target }: CameraPose): boolean {
  const near = [...position, ...target].every((value) => Math.abs(value) <= FARTHEST)
  return near && Math.hypot(...position.map((value, axis) => value - (target[axis] as number))) >= NEAREST
}

/** Null for what is no camera, or one that shows nothing. */
export function poseFromText(text: string | null): CameraPose | null {
  const values = (text ?? '').split(',').map(Number)
  if (values.length !== 6 || !values.every(Number.isFinite) || text === '') return null
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = values
  const pose: CameraPose = { position: [a, b, c], target: [d, e, f] }
  return isPose(pose) ? pose : null
}

/** Change some parameters of the present address without a new history entry; null removes one. */
export function updateAddress(changes: Record<string, string | null>): void {
  const url = new URL(location.href)
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(key)
    else url.searchParams.set(key, value)
  }
  if (url.href !== location.href) history.replaceState(history.state, '', url)
}

export function readAddress(key: string): string | null {
  return new URL(location.href).searchParams.get(key)
}
