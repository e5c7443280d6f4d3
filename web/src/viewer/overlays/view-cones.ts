import { BufferAttribute, BufferGeometry, Color, DoubleSide, LineBasicMaterial, LineSegments, Mesh, MeshBasicMaterial, Ray } from 'three'
import { toThree } from '../axes'
import type { Plugin, PluginHost } from '../plugin'
import { NO_DEPTH } from '../tile-content'
import { checkCone, fan } from './view-fan'
import type { ViewCone } from './view-fan'

const COLUMNS = 40
const ROWS = 14
/** The look begins beyond the camera's own body. */
const BODY = 0.4

interface Shown {
  cone: ViewCone
  body: Mesh<BufferGeometry, MeshBasicMaterial>
  lines: LineSegments<BufferGeometry, LineBasicMaterial>
}

/** What cameras see: their cones of view, ended by what stands in the way. */
export class ViewCones implements Plugin {
  private readonly shown = new Map<string, Shown>()
  private readonly stop: () => void
  private stale = false

  constructor(private readonly host: PluginHost) {
    // Walls may arrive after the cones: what is seen is worked out again when the picture is complete.
    this.stop = host.on('loading', ({ pending }) => {
      if (pending > 0) this.stale = true
      else if (this.stale) this.refresh()
    })
  }

  /** Show these views in place of the last ones. Throws where one cannot be drawn. */
  set(cones: readonly ViewCone[]): void {
    cones.forEach(checkCone)
    this.clear()
    for (const cone of cones) {
      const body = new Mesh(new BufferGeometry(), new MeshBasicMaterial({ color: cone.color, transparent: true, opacity: 0.2, depthWrite: false, side: DoubleSide, fog: false }))
      const lines = new LineSegments(new BufferGeometry(), new LineBasicMaterial({ color: new Color(cone.color), transparent: true, opacity: 0.8, fog: false }))
      for (const object of [body, lines]) {
        object.renderOrder = 4
        object.frustumCulled = false
        object.layers.set(NO_DEPTH)
        this.host.scene.add(object)
      }
      this.shown.set(cone.id, { cone, body, lines })
    }
    this.refresh()
  }

  /** Look again: something was hidden, shown or moved. */
  refresh(): void {
    this.stale = false
    for (const shown of this.shown.values()) this.build(shown)
    this.host.invalidate()
  }

  /** How far a camera sees along its middle, metres; null for one that is not shown. */
  reach(id: string): number | null {
    const shown = this.shown.get(id)
    return shown ? this.look({ ...shown.cone }, 2, 2)[4] ?? null : null
  }

  clear(): void {
    for (const { body, lines } of this.shown.values())
      for (const object of [body, lines]) {
        this.host.scene.remove(object)
        object.geometry.dispose()
        object.material.dispose()
      }
    this.shown.clear()
    this.host.invalidate()
  }

  dispose(): void {
    this.stop()
    this.clear()
  }

  /** Metres seen in each direction of the fan. */
  private look(cone: ViewCone, columns: number, rows: number): number[] {
    const ray = new Ray()
    return fan(cone, columns, rows).map((direction) => {
      toThree(direction, ray.direction)
      toThree(cone.position, ray.origin).addScaledVector(ray.direction, BODY)
      const hit = this.host.sight.cast(ray, cone.range - BODY, { through: 'glass', ghosts: true, backs: true })
      return hit ? hit.distance + BODY : cone.range
    })
  }

  private build({ cone, body, lines }: Shown): void {
    const directions = fan(cone, COLUMNS, ROWS)
    const reach = this.look(cone, COLUMNS, ROWS)
    const [x, y, z] = cone.position
    const points = [x, z, -y]
    directions.forEach(([dx, dy, dz], i) => {
      const r = reach[i] as number
      points.push(x + dx * r, z + dz * r, -(y + dy * r))
    })
    const at = (row: number, column: number): number => 1 + row * (COLUMNS + 1) + column
    const faces: number[] = []
    const edges: number[] = []
    for (let row = 0; row <= ROWS; row++)
      for (let column = 0; column <= COLUMNS; column++) {
        if (row < ROWS && column < COLUMNS) faces.push(at(row, column), at(row + 1, column), at(row, column + 1), at(row, column + 1), at(row + 1, column), at(row + 1, column + 1))
        // The four sides, from the eye to the border of what is seen.
        if (column < COLUMNS && (row === 0 || row === ROWS)) {
          faces.push(0, at(row, column), at(row, column + 1))
          edges.push(at(row, column), at(row, column + 1))
        }
        if (row < ROWS && (column === 0 || column === COLUMNS)) {
          faces.push(0, at(row, column), at(row + 1, column))
          edges.push(at(row, column), at(row + 1, column))
        }
      }
    for (const [row, column] of [[0, 0], [0, COLUMNS], [ROWS, 0], [ROWS, COLUMNS]] as const) edges.push(0, at(row, column))
    const position = new BufferAttribute(new Float32Array(points), 3)
    for (const [object, index] of [[body, faces], [lines, edges]] as const) {
      object.geometry.dispose()
      object.geometry = new BufferGeometry()
      object.geometry.setAttribute('position', position)
      object.geometry.setIndex(index)
    }
  }
}
