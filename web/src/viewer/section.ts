import { Vector4 } from 'three'
import { MAX_CUTS } from './shared-uniforms'
import type { Section, Vec3 } from './types'

/** Planes beside a box at most. */
export const MAX_PLANES = MAX_CUTS - 6

/** A cutting plane in three.js axes: a point is cut where dot(n, p) > w. */
function plane(normal: Readonly<Vec3>, distance: number): Vector4 {
  const length = Math.hypot(...normal)
  if (!(length > 0)) throw new Error(`A cutting plane has the normal ${normal.join(', ')}: expected one with a length.`)
  return new Vector4(normal[0] / length, normal[2] / length, -normal[1] / length, distance / length)
}

/**
 * All cutting planes of a section. `top` cuts what is above it (metres, park frame), `box` what is outside, a plane what is beyond it.
 * Throws where there are more planes than the shader takes.
 */
export function sectionPlanes(section: Section | null): Vector4[] {
  const { top, box, planes = [] } = section ?? {}
  const cuts = planes.map(({ normal, distance }) => plane(normal, distance))
  if (top !== undefined) cuts.push(plane([0, 0, 1], top))
  if (cuts.length > MAX_PLANES) throw new Error(`A section has ${cuts.length} planes: the viewer takes at most ${MAX_PLANES} beside a box.`)
  if (box) {
    for (const axis of [0, 1, 2] as const) {
      const normal: Vec3 = [0, 0, 0]
      normal[axis] = 1
      cuts.push(plane(normal, box[axis + 3] as number))
      normal[axis] = -1
      cuts.push(plane(normal, -box[axis]))
    }
  }
  return cuts
}
