/** The view as address parameters, so that any state can be sent to somebody: object, theme, storey, camera. */
import type { CameraPose } from '../viewer/types'

export function poseToText(pose: CameraPose): string {
  return [...pose.position, ...pose.target].map((value) => String(Math.round(value * 10) / 10)).join(',')
}

export function poseFromText(text: string | null): CameraPose | null {
  const values = (text ?? '').split(',').map(Number)
  if (values.length !== 6 || !values.every(Number.isFinite) || text === '') return null
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = values
  return { position: [a, b, c], target: [d, e, f] }
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
