import { BufferAttribute, BufferGeometry, DoubleSide, Mesh, MeshLambertMaterial, Ray, Vector3 } from 'three'
import type { Plugin, PluginHost } from '../plugin'

/** Places along each side of a pit where the ground's level is asked for. */
const STEPS = 40
const EARTH = 0x8a7258

/** A cut through the ground: terrain and roads are taken away over a rectangle, its sides and bottom are drawn as earth. */
export class Pit implements Plugin {
  private mesh: Mesh<BufferGeometry, MeshLambertMaterial> | null = null

  constructor(private readonly host: PluginHost) {}

  /** min x, min y, max x, max y in park metres and how deep below the ground; null fills it again. */
  set(rectangle: readonly [number, number, number, number] | null, depth = 6): void {
    const { viewer, scene } = this.host
    if (this.mesh) {
      scene.remove(this.mesh)
      this.mesh.geometry.dispose()
      this.mesh.material.dispose()
      this.mesh = null
    }
    if (rectangle) {
      if (!(rectangle[2] > rectangle[0] && rectangle[3] > rectangle[1] && depth > 0))
        throw new Error(`A pit of ${rectangle.join(', ')} and ${depth} m was asked for: expected min x, min y, max x, max y and a depth above 0.`)
      // The levels are those of the ground before it is taken away.
      viewer.setGround(null)
      this.mesh = new Mesh(this.geometry(rectangle, depth), new MeshLambertMaterial({ color: EARTH, side: DoubleSide }))
      this.mesh.receiveShadow = true
      // The depth pass draws every mesh by its state: this one is no object.
      const { position } = this.mesh.geometry.attributes
      this.mesh.geometry.setAttribute('stateIndex', new BufferAttribute(new Float32Array(position?.count ?? 0).fill(this.host.state.size), 1))
      scene.add(this.mesh)
    }
    viewer.setGround(rectangle && { pit: rectangle })
  }

  dispose(): void {
    this.set(null)
  }

  private geometry([x0, y0, x1, y1]: readonly [number, number, number, number], depth: number): BufferGeometry {
    const corners = [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]] as const
    const ray = new Ray(new Vector3(), new Vector3(0, -1, 0))
    const border: [number, number, number][] = []
    let level = this.host.stage.ground.mesh.position.y
    for (let side = 0; side < 4; side++)
      for (let step = 0; step < STEPS; step++) {
        const [ax, ay] = corners[side] as readonly [number, number]
        const [bx, by] = corners[side + 1] as readonly [number, number]
        const t = step / STEPS
        const [x, z] = [ax + (bx - ax) * t, -(ay + (by - ay) * t)]
        ray.origin.set(x, 2000, z)
        level = this.host.sight.cast(ray, 4000, { ground: true, ghosts: true })?.point.y ?? level
        border.push([x, level, z])
      }
    const bottom = Math.min(...border.map(([, y]) => y)) - depth
    const faces: number[] = []
    border.forEach(([x, y, z], i) => {
      const [nx, ny, nz] = border[(i + 1) % border.length] as [number, number, number]
      faces.push(x, y, z, x, bottom, z, nx, ny, nz, nx, ny, nz, x, bottom, z, nx, bottom, nz)
    })
    for (const [x, y] of [[x0, y0], [x1, y0], [x1, y1], [x0, y0], [x1, y1], [x0, y1]] as const) faces.push(x, bottom, -y)
    const geometry = new BufferGeometry()
    geometry.setAttribute('position', new BufferAttribute(new Float32Array(faces), 3))
    geometry.computeVertexNormals()
    return geometry
  }
}
