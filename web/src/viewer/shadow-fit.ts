import { Vector3 } from 'three'
import type { Box3, DirectionalLight } from 'three'

const right = new Vector3()
const up = new Vector3()
const centre = new Vector3()

/** What a shadow map covers, to see whether it must be drawn again. */
export interface ShadowWindow {
  radius: number
  x: number
  y: number
}

/**
 * Fit a light's shadow map to `wanted` metres around `target`; `scene` is the box of all that casts.
 *
 * The window is a circle in steps (radius in powers of √2, centre in sixteenths of it and whole texels), so that small
 * camera moves neither draw it anew nor let its edges crawl. Returns the window; the map must be drawn again when it differs from the last.
 */
export function fitShadow(light: DirectionalLight, direction: Vector3, scene: Box3, target: Vector3, wanted: number, mapSize: number): ShadowWindow {
  const sceneRadius = scene.getSize(right).length() / 2
  const radius = Math.min(sceneRadius, 2 ** (Math.ceil(Math.log2(wanted) * 2) / 2))
  scene.getCenter(centre)
  if (radius < sceneRadius) scene.clampPoint(target, centre)
  right.set(0, 1, 0).cross(direction)
  if (right.lengthSq() < 1e-6) right.set(1, 0, 0)
  right.normalize()
  up.copy(direction).cross(right).normalize()
  const texel = (2 * radius) / mapSize
  const step = Math.max(texel, Math.round(radius / 16 / texel) * texel)
  const x = Math.round(centre.dot(right) / step) * step
  const y = Math.round(centre.dot(up) / step) * step
  const z = centre.dot(direction)
  const depth = sceneRadius * 2 + 50
  light.target.position.copy(right).multiplyScalar(x).addScaledVector(up, y).addScaledVector(direction, z)
  light.position.copy(light.target.position).addScaledVector(direction, depth)
  light.target.updateMatrixWorld()
  light.updateMatrixWorld()
  const camera = light.shadow.camera
  camera.left = camera.bottom = -radius
  camera.right = camera.top = radius
  camera.near = 1
  camera.far = depth * 2
  camera.updateProjectionMatrix()
  light.shadow.normalBias = texel * 1.2
  // Five centimetres, whatever the depth of the scene.
  light.shadow.bias = -0.05 / (2 * depth)
  return { radius, x, y }
}
