import { Box3, InstancedMesh, Matrix4, Vector3 } from 'three'
import { isCut } from '../ray-geometry'
import type { PluginHost } from '../plugin'
import type { PaneView } from '../pane-set'
import type { TileMesh } from '../tile-content'
import type { Found, RegionMode } from '../types'
import { boundsOf, contains, touches } from './region'
import type { Bounds, Point } from './region'

const matrix = new Matrix4()
const clip = new Matrix4()
const corner = new Vector3()
const bounds = new Box3()
const world = [new Vector3(), new Vector3(), new Vector3()] as const

/** What is known of one object while its triangles are looked at. */
interface Tally {
  inside: boolean
  touched: boolean
  mesh: TileMesh
}

/**
 * Objects in a region of a pane, whatever stands before them: those drawn solid, the ground left out. `inside` wants every corner in
 * the region, `touching` any part of any face. Faces that a section cuts away wholly count for nothing.
 */
export function findInRegion(host: PluginHost, view: PaneView, polygon: readonly Point[], mode: RegionMode): Found[] {
  const { sight, layers } = host
  sight.aim(view)
  const region = boundsOf(polygon)
  const solid = sight.solidIn(view)
  const found = new Map<number, Tally | null>()
  for (const mesh of layers.meshes(view.painted?.pane ?? null)) {
    if (mesh.ground) continue
    search(host, view, mesh, polygon, region, (state, volume) => {
      let tally = found.get(state)
      if (tally === undefined) found.set(state, (tally = solid(state, volume, mesh) && mesh.local.has(state) ? { inside: true, touched: false, mesh } : null))
      return tally
    })
  }
  const out: Found[] = []
  for (const [state, tally] of found) {
    if (!tally || !tally.touched || (mode === 'inside' && !tally.inside)) continue
    const { mesh } = tally
    const gid = mesh.table?.column('gid')[mesh.local.get(state) ?? -1]
    if (gid) out.push({ state, gid, layer: mesh.layer.layer })
  }
  return out
}

function search(host: PluginHost, view: PaneView, tile: TileMesh, polygon: readonly Point[], region: Bounds, tallyOf: (state: number, volume: boolean) => Tally | null): void {
  const { camera, sight } = host
  const { geometry } = tile.mesh
  const { position, stateIndex } = geometry.attributes
  if (!position || !stateIndex) return
  if (!geometry.boundingBox) geometry.computeBoundingBox()
  const perInstance = 'isInstancedBufferAttribute' in stateIndex
  const { lift } = sight
  const count = tile.mesh instanceof InstancedMesh ? tile.mesh.count : 1
  const [left, top, width, height] = view.viewport
  const screen = new Float32Array(position.count * 2)
  const { index } = geometry
  // What a metre upwards adds to a clip position.
  const up = clip.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse).elements.slice(4, 8)
  const faces = (index ? index.count : position.count) / 3
  for (let instance = 0; instance < count; instance++) {
    matrix.copy(tile.mesh.matrixWorld)
    if (tile.mesh instanceof InstancedMesh) {
      tile.mesh.getMatrixAt(instance, clip)
      matrix.multiply(clip)
    }
    clip.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse).multiply(matrix)
    bounds.copy(geometry.boundingBox as Box3)
    if (!lift && apart(bounds, clip, view, region)) continue
    const e = clip.elements as unknown as number[]
    for (let i = 0; i < position.count; i++) {
      const x = position.getX(i)
      const y = position.getY(i)
      const z = position.getZ(i)
      const signed = stateIndex.getX(perInstance ? instance : i)
      const raise = lift ? lift(signed < 0 ? -signed - 1 : signed) : 0
      const w = (e[3] as number) * x + (e[7] as number) * y + (e[11] as number) * z + (e[15] as number) + raise * (up[3] as number)
      if (w <= 1e-4) {
        screen[i * 2] = NaN
        continue
      }
      const cx = (e[0] as number) * x + (e[4] as number) * y + (e[8] as number) * z + (e[12] as number) + raise * (up[0] as number)
      const cy = (e[1] as number) * x + (e[5] as number) * y + (e[9] as number) * z + (e[13] as number) + raise * (up[1] as number)
      screen[i * 2] = left + ((cx / w) * 0.5 + 0.5) * width
      screen[i * 2 + 1] = top + (0.5 - (cy / w) * 0.5) * height
    }
    for (let face = 0; face < faces; face++) {
      const i = index ? index.getX(face * 3) : face * 3
      const j = index ? index.getX(face * 3 + 1) : face * 3 + 1
      const k = index ? index.getX(face * 3 + 2) : face * 3 + 2
      const signed = stateIndex.getX(perInstance ? instance : i)
      const tally = tallyOf(signed < 0 ? -signed - 1 : signed, signed < 0)
      if (!tally || (tally.touched && !tally.inside)) continue
      if (sight.cuts.length) {
        world[0].fromBufferAttribute(position, i).applyMatrix4(matrix)
        world[1].fromBufferAttribute(position, j).applyMatrix4(matrix)
        world[2].fromBufferAttribute(position, k).applyMatrix4(matrix)
        if (sight.cuts.some((cut) => world.every((point) => isCut(point, [cut])))) continue
      }
      const [ax, ay] = [screen[i * 2] as number, screen[i * 2 + 1] as number]
      const [bx, by] = [screen[j * 2] as number, screen[j * 2 + 1] as number]
      const [cx, cy] = [screen[k * 2] as number, screen[k * 2 + 1] as number]
      // A corner behind the eye is nowhere on the screen.
      const lost = Number.isNaN(ax + bx + cx)
      const far = lost || Math.max(ax, bx, cx) < region.left || Math.min(ax, bx, cx) > region.right || Math.max(ay, by, cy) < region.top || Math.min(ay, by, cy) > region.bottom
      if (far) tally.inside = false
      else {
        if (tally.inside) tally.inside = contains(polygon, ax, ay) && contains(polygon, bx, by) && contains(polygon, cx, cy)
        if (!tally.touched) tally.touched = tally.inside || touches(polygon, [ax, ay], [bx, by], [cx, cy])
      }
    }
  }
}

/** Whether a box in front of the eye is drawn beside the region; boxes that reach behind the eye are never apart. */
function apart(box: Box3, toClip: Matrix4, view: PaneView, region: Bounds): boolean {
  const [left, top, width, height] = view.viewport
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let c = 0; c < 8; c++) {
    corner.set(c & 1 ? box.max.x : box.min.x, c & 2 ? box.max.y : box.min.y, c & 4 ? box.max.z : box.min.z)
    const e = toClip.elements as unknown as number[]
    const w = (e[3] as number) * corner.x + (e[7] as number) * corner.y + (e[11] as number) * corner.z + (e[15] as number)
    if (w <= 1e-4) return false
    corner.applyMatrix4(toClip)
    const x = left + (corner.x * 0.5 + 0.5) * width
    const y = top + (0.5 - corner.y * 0.5) * height
    x0 = Math.min(x0, x)
    x1 = Math.max(x1, x)
    y0 = Math.min(y0, y)
    y1 = Math.max(y1, y)
  }
  return x1 < region.left || x0 > region.right || y1 < region.top || y0 > region.bottom
}
