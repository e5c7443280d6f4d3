import { PerspectiveCamera, Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { featureEdges, snapTo } from './snap'
import type { Corners } from './snap'

const v = (x: number, y: number, z = 0) => new Vector3(x, y, z)
/** A square of two triangles, and one upright face on its side x = 2. */
const floor: Corners[] = [[v(0, 0), v(2, 0), v(2, 2)], [v(0, 0), v(2, 2), v(0, 2)]]
const wall: Corners[] = [[v(2, 0), v(2, 0, 1), v(2, 2)]]

describe('snapping', () => {
  const camera = new PerspectiveCamera(40, 1, 0.1, 100)
  camera.position.set(1, 1, 10)
  camera.updateMatrixWorld()
  const at = (x: number, y: number, metres = 1) => snapTo(v(x, y), featureEdges(floor), camera, 600, 600, metres)

  it('knows the edges of the object from those of its triangles', () => {
    expect(featureEdges(floor)).toHaveLength(4)
    // The edge where floor and wall meet stays: they lie in two planes.
    expect(featureEdges([...floor, ...wall])).toHaveLength(6)
  })

  it('prefers corners, then edges, then leaves the point', () => {
    expect(at(0.05, 0.06)).toMatchObject({ kind: 'vertex', point: { x: 0, y: 0 } })
    expect(at(1, 0.05)).toMatchObject({ kind: 'edge', point: { x: 1, y: 0 } })
    expect(at(0.6, 1.1)).toMatchObject({ kind: 'face', point: { x: 0.6, y: 1.1 } })
  })

  it('does not snap to the diagonal of a face, nor to what only looks near', () => {
    expect(at(1, 1.01).kind).toBe('face')
    expect(at(1, 0.05, 0.01).kind).toBe('face')
  })

  it('goes to the nearest of those that are seen', () => {
    const near = v(0, 0)
    const hidden = (candidate: Vector3) => candidate.distanceTo(near) > 1e-9
    const snapped = (x: number, y: number) => snapTo(v(x, y), featureEdges(floor), camera, 600, 600, 3, 400, hidden)
    expect(snapped(0.05, 0.4)).toMatchObject({ kind: 'vertex', point: { x: 0, y: 2 } })
    expect(snapTo(v(0.05, 0.06), featureEdges(floor), camera, 600, 600, 1, 12, () => false).kind).toBe('face')
  })
})
