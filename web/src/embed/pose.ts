import type { CameraPose } from '../viewer/types'

/** The `view` attribute: `home`, or six numbers `x,y,z,tx,ty,tz` in park metres (eye, then what is looked at). */
export function parsePose(view: string | null): CameraPose | null {
  if (!view || view === 'home') return null
  const n = view.split(',').map(Number)
  if (n.length !== 6 || !n.every(Number.isFinite))
    throw new Error(`view="${view}" is no view: expected "home" or six numbers x,y,z,tx,ty,tz in metres.`)
  const [x, y, z, tx, ty, tz] = n as [number, number, number, number, number, number]
  return { position: [x, y, z], target: [tx, ty, tz] }
}

export function formatPose({ position, target }: CameraPose): string {
  return [...position, ...target].map((v) => v.toFixed(2)).join(',')
}
