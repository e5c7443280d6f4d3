import { BufferAttribute, BufferGeometry, DoubleSide, Mesh, MeshLambertMaterial, Ray, Vector3 } from 'three'
import { toPark } from '../axes'
import type { PaneView } from '../pane-set'
import type { Drag, Plugin, PluginHost, ToolHooks } from '../plugin'
import type { PitCut, Vec3 } from '../types'

/** Places along each side of a pit where the ground's level is asked for. */
const STEPS = 40
const EARTH = 0x8a7258

/** Shorter sides are a slip of the hand, metres. */
const LEAST_M = 0.5
const USUAL_DEPTH_M = 6

/**
 * A cut through the ground: terrain and roads are taken away over a rectangle, its sides and bottom are drawn as earth. As a tool it is drawn
 * by a drag over the ground; the host hears `pit` of every cut.
 */
export class Pit implements Plugin {
  readonly tool: ToolHooks = {
    cursor: 'crosshair',
    // Presses are drags; a click on its own digs nothing.
    click: () => undefined,
  }
  /** How deep the next drag digs, metres. */
  depth = USUAL_DEPTH_M
  private mesh: Mesh<BufferGeometry, MeshLambertMaterial> | null = null
  private now: PitCut | null = null
  private dragged: PitCut['rectangle'] | null = null
  private level = 0
  private view: PaneView | null = null
  /** Where the ground was not met: its tiles may still come. */
  private missed = false
  private readonly stop: () => void

  constructor(private readonly host: PluginHost) {
    this.stop = host.on('loading', ({ pending }) => {
      if (pending === 0 && this.missed && this.now) this.dig()
    })
  }

  /** What is cut now. */
  get cut(): PitCut | null {
    return this.now
  }

  /** min x, min y, max x, max y in park metres and how deep below the ground; null fills it again. */
  set(rectangle: PitCut['rectangle'] | null, depth = this.depth): void {
    if (rectangle && !(rectangle[2] > rectangle[0] && rectangle[3] > rectangle[1] && depth > 0 && [...rectangle, depth].every(Number.isFinite)))
      throw new Error(`A pit of ${rectangle.join(', ')} and ${depth} m was asked for: expected min x, min y, max x, max y and a depth above 0.`)
    this.now = rectangle && { rectangle, depth }
    if (rectangle) this.depth = depth
    this.dig()
    this.host.emit('pit', this.now)
  }

  grab(x: number, y: number): Drag | null {
    const { viewer, panes } = this.host
    if (viewer.tool !== 'pit') return null
    this.view = panes.at(x, y)
    const from = this.groundAt(x, y, null)
    if (!from) return null
    this.level = from[2]
    return {
      move: (mx, my) => {
        const to = this.groundAt(mx, my, from[2])
        if (to) this.dragged = [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])]
        this.host.invalidate()
      },
      end: () => {
        const found = this.dragged
        this.drop()
        if (found && found[2] - found[0] >= LEAST_M && found[3] - found[1] >= LEAST_M) this.set(found)
      },
      cancel: () => this.drop(),
    }
  }

  get drawn(): boolean {
    return this.dragged !== null
  }

  overlay(context: CanvasRenderingContext2D, view: PaneView): void {
    if (!this.dragged || view.painted !== this.view?.painted) return
    const [x0, y0, x1, y1] = this.dragged
    const spots = ([[x0, y0], [x1, y0], [x1, y1], [x0, y1]] as const).map(([x, y]) => this.host.sight.screen([x, y, this.level], view))
    if (spots.some((spot) => !spot)) return
    context.beginPath()
    for (const spot of spots) context.lineTo(...(spot as [number, number]))
    context.closePath()
    context.globalAlpha = 0.14
    context.fillStyle = context.strokeStyle = this.host.accent
    context.fill()
    context.globalAlpha = 1
    context.lineWidth = 1.5
    context.stroke()
  }

  dispose(): void {
    this.stop()
    this.now = null
    this.dig()
  }

  private drop(): void {
    this.dragged = null
    this.host.invalidate()
  }

  /** Where a point of the stage meets the ground; with `level`, where it is open or ends, that level instead. */
  private groundAt(x: number, y: number, level: number | null): Vec3 | null {
    const { sight, stage } = this.host
    const ray = sight.rayAt(x, y, this.view, new Ray())
    if (!ray) return null
    const hit = sight.cast(ray, 4000, { ground: true, hidden: true })
    if (hit) return toPark(hit.point)
    const plane = level ?? stage.ground.mesh.position.y
    const t = (plane - ray.origin.y) / ray.direction.y
    return t > 0 && t < 4000 ? toPark(ray.at(t, new Vector3())) : null
  }

  private dig(): void {
    const { viewer, scene, shared } = this.host
    if (this.mesh) {
      scene.remove(this.mesh)
      this.mesh.geometry.dispose()
      this.mesh.material.dispose()
      this.mesh = null
    }
    // Seeing through the ground is another's choice.
    const opacity = shared.uGroundKeep.value
    // The levels are those of the ground before it is taken away.
    viewer.setGround(opacity < 1 ? { opacity } : null)
    if (!this.now) return
    const { rectangle, depth } = this.now
    this.mesh = new Mesh(this.geometry(rectangle, depth), new MeshLambertMaterial({ color: EARTH, side: DoubleSide }))
    this.mesh.receiveShadow = true
    // The depth pass draws every mesh by its state: this one is no object.
    const { position } = this.mesh.geometry.attributes
    this.mesh.geometry.setAttribute('stateIndex', new BufferAttribute(new Float32Array(position?.count ?? 0).fill(this.host.state.size), 1))
    scene.add(this.mesh)
    viewer.setGround({ opacity, pit: rectangle })
  }

  private geometry([x0, y0, x1, y1]: readonly [number, number, number, number], depth: number): BufferGeometry {
    const corners = [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]] as const
    const ray = new Ray(new Vector3(), new Vector3(0, -1, 0))
    const border: [number, number, number][] = []
    let level = this.host.stage.ground.mesh.position.y
    this.missed = false
    for (let side = 0; side < 4; side++)
      for (let step = 0; step < STEPS; step++) {
        const [ax, ay] = corners[side] as readonly [number, number]
        const [bx, by] = corners[side + 1] as readonly [number, number]
        const t = step / STEPS
        const [x, z] = [ax + (bx - ax) * t, -(ay + (by - ay) * t)]
        ray.origin.set(x, 2000, z)
        const met = this.host.sight.cast(ray, 4000, { ground: true, hidden: true })
        this.missed ||= met === null
        level = met?.point.y ?? level
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
