import { BufferAttribute, BufferGeometry, InstancedBufferAttribute, InstancedMesh, Matrix4, Mesh, MeshBasicMaterial, Ray, Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { castRay } from './picker'
import type { RayFilter } from './picker'
import { sectionPlanes } from './section'
import type { TileMesh } from './tile-content'
import type { SceneLayer } from './types'

const layer = { layer: 'a', group: 'building' } as SceneLayer
const all: RayFilter = { solid: (_state, volume) => !volume, cuts: [] }

/** Plates of 2 × 2 m facing +z at the given depths, one object each. */
function plates(depths: readonly number[], states: readonly number[]): TileMesh {
  const position: number[] = []
  const state: number[] = []
  depths.forEach((z, i) => {
    position.push(-1, -1, z, 1, -1, z, 1, 1, z, -1, -1, z, 1, 1, z, -1, 1, z)
    state.push(...new Array<number>(6).fill(states[i] as number))
  })
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(new Float32Array(position), 3))
  geometry.setAttribute('stateIndex', new BufferAttribute(new Float32Array(state), 1))
  const mesh = new Mesh(geometry, new MeshBasicMaterial())
  return { mesh, layer, ground: false, glass: false, states: new Set(states.map((s) => (s < 0 ? -s - 1 : s))), local: new Map(), table: null }
}

const towards = (x: number, y: number) => new Ray(new Vector3(x, y, 10), new Vector3(0, 0, -1))

describe('castRay', () => {
  it('finds the nearest object and its distance', () => {
    const hit = castRay(towards(0.3, 0.1), [plates([0, 4], [7, 9])], all)
    expect([hit?.state, hit?.distance]).toEqual([9, 6])
    expect(hit?.point.toArray()).toEqual([0.3, 0.1, 4])
  })

  it('passes through what is not drawn solid', () => {
    const hit = castRay(towards(0.3, 0.1), [plates([0, 4], [7, 9])], { ...all, solid: (s) => s !== 9 })
    expect(hit?.state).toBe(7)
  })

  it('passes through volumes that are not drawn', () => {
    expect(castRay(towards(0.3, 0.1), [plates([0, 4], [7, -9 - 1])], all)?.state).toBe(7)
    expect(castRay(towards(0.3, 0.1), [plates([0, 4], [7, -9 - 1])], { ...all, solid: () => true })?.state).toBe(9)
  })

  it('passes through what a section cuts, but not through ground', () => {
    const down = new Ray(new Vector3(0, 10, 0), new Vector3(0, -1, 0))
    const floor = (y: number, state: number): TileMesh => {
      const mesh = plates([0], [state])
      mesh.mesh.rotation.x = -Math.PI / 2
      mesh.mesh.position.y = y
      mesh.mesh.updateMatrixWorld()
      return mesh
    }
    const cuts = sectionPlanes({ top: 3 })
    const [high, low] = [floor(5, 1), floor(2, 2)]
    expect(castRay(down, [high, low], { ...all, cuts })?.state).toBe(2)
    expect(castRay(down, [{ ...high, ground: true }, low], { ...all, cuts })?.state).toBe(1)
  })

  it('meets backs only while something is cut', () => {
    const back = new Ray(new Vector3(0.2, 0, -10), new Vector3(0, 0, 1))
    expect(castRay(back, [plates([0], [3])], all)).toBeNull()
    expect(castRay(back, [plates([0], [3])], { ...all, cuts: sectionPlanes({ top: 100 }) })?.state).toBe(3)
  })

  it('gives metres under a scaled and moved matrix', () => {
    const mesh = plates([0], [5])
    mesh.mesh.scale.setScalar(0.25)
    mesh.mesh.position.set(20, 0, 2)
    mesh.mesh.updateMatrixWorld()
    const hit = castRay(towards(20.1, 0.1), [mesh], all)
    expect(hit?.distance).toBeCloseTo(8, 9)
    expect(castRay(towards(20.3, 0.1), [mesh], all)).toBeNull()
  })

  it('tells instances apart', () => {
    const { mesh } = plates([0], [0])
    const geometry = mesh.geometry
    geometry.deleteAttribute('stateIndex')
    geometry.setAttribute('stateIndex', new InstancedBufferAttribute(new Float32Array([40, 41]), 1))
    const instanced = new InstancedMesh(geometry, new MeshBasicMaterial(), 2)
    instanced.setMatrixAt(0, new Matrix4().makeTranslation(0, 0, 0))
    instanced.setMatrixAt(1, new Matrix4().makeTranslation(5, 0, 0))
    const tile: TileMesh = { mesh: instanced, layer, ground: false, glass: false, states: new Set(), local: new Map(), table: null }
    expect(castRay(towards(0.1, 0), [tile], all)?.state).toBe(40)
    expect(castRay(towards(5.1, 0), [tile], all)?.state).toBe(41)
  })

  it('looks no farther than asked', () => {
    expect(castRay(towards(0.3, 0.1), [plates([0], [7])], { ...all, far: 9 })).toBeNull()
  })
})
