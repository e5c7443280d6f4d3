import { Vector4 } from 'three'
import type { Box } from './types'

/**
 * Cutting planes in three.js axes for a section: a point is cut where dot(n, p) > w. `top` cuts what is above it (metres,
 * park frame); `box` cuts what is outside.
 */
export function sectionPlanes(section: { top: number } | { box: Box } | null): Vector4[] {
  if (!section) return []
  if ('top' in section) return [new Vector4(0, 1, 0, section.top)]
  const [x0, y0, z0, x1, y1, z1] = section.box
  return [
    new Vector4(1, 0, 0, x1),
    new Vector4(-1, 0, 0, -x0),
    new Vector4(0, 1, 0, z1),
    new Vector4(0, -1, 0, -z0),
    // three.js z is minus north.
    new Vector4(0, 0, -1, y1),
    new Vector4(0, 0, 1, -y0),
  ]
}
