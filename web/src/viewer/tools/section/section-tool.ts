import { Vector3 } from 'three'
import { toPark, unionBoxes } from '../../axes'
import type { PaneView } from '../../pane-set'
import type { Drag, Plugin, PluginHost, ToolHooks } from '../../plugin'
import { MAX_PLANES } from '../../section'
import type { Box, CutPlane, Section, Vec3 } from '../../types'
import { alongAxis, centre, dot, planeInBox } from './plane-geometry'

/** Pixels around a handle that take hold of it. */
const REACH = 14
const SHAFT = 26
const AXES: Record<'x' | 'y' | 'z', Vec3> = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] }

/** One thing that can be dragged: where it stands, which way it goes, and what the section is when it has gone that far. */
interface Handle {
  anchor: Vec3
  axis: Vec3
  moved: (metres: number) => Section
}

/**
 * Cutting planes by hand: a click on a face lays a plane through it, handles push planes and the sides of the box. What is cut stands in
 * `viewer.section`; hosts that show it listen to `section`.
 */
export class SectionTool implements Plugin {
  readonly tool: ToolHooks = { cursor: 'crosshair', click: (x, y) => this.cutAt(x, y) }
  private held: Handle | null = null
  private handled = false

  constructor(private readonly host: PluginHost) {}

  /** Show handles also while another tool is in force. */
  setHandles(on: boolean): void {
    this.handled = on
    this.host.invalidate()
  }

  /** Add a plane across an axis or a direction, through `through` or the middle of what is shown. Throws where there are six already. */
  addPlane(direction: keyof typeof AXES | Vec3, through?: Vec3): void {
    const normal = typeof direction === 'string' ? AXES[direction] : direction
    const [x0, y0, z0, x1, y1, z1] = this.bounds
    const point = through ?? [(x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2]
    const planes = [...this.planes, { normal, distance: dot(normal, point) }]
    if (planes.length + Number(this.section.top !== undefined) > MAX_PLANES) throw new Error(`There are ${MAX_PLANES} cutting planes already: remove one before another is added.`)
    this.set({ ...this.section, planes })
  }

  /** Keep the other side. */
  flip(index: number): void {
    this.set({ ...this.section, planes: this.planes.map((p, i) => (i === index ? { normal: [-p.normal[0], -p.normal[1], -p.normal[2]], distance: -p.distance } : p)) })
  }

  move(index: number, distance: number): void {
    this.set({ ...this.section, planes: this.planes.map((p, i) => (i === index ? { ...p, distance } : p)) })
  }

  remove(index: number): void {
    this.set({ ...this.section, planes: this.planes.filter((_, i) => i !== index) })
  }

  /** Keep what is inside a box; without one that of what is shown, drawn in a little so that its sides can be seen. */
  setBox(box?: Box | null): void {
    const rest: Section = { ...this.section }
    delete rest.box
    if (box === null) return this.set(rest)
    const [x0, y0, z0, x1, y1, z1] = this.bounds
    const pull = 0.08
    this.set({ ...rest, box: box ?? [x0 + pull * (x1 - x0), y0 + pull * (y1 - y0), z0, x1 - pull * (x1 - x0), y1 - pull * (y1 - y0), z1 - pull * (z1 - z0)] })
  }

  clear(): void {
    this.set({})
  }

  /** How far a plane can go before it cuts nothing or everything. */
  reach(index: number): [number, number] {
    const plane = this.planes[index]
    if (!plane) return [0, 0]
    const [x0, y0, z0, x1, y1, z1] = this.bounds
    const corners = [x0, x1].flatMap((x) => [y0, y1].flatMap((y) => [z0, z1].map((z) => dot(plane.normal, [x, y, z]))))
    return [Math.min(...corners), Math.max(...corners)]
  }

  get planes(): readonly CutPlane[] {
    return this.section.planes ?? []
  }

  grab(x: number, y: number): Drag | null {
    if (!this.drawn) return null
    const { sight, panes } = this.host
    const view = panes.at(x, y)
    if (!view) return null
    sight.aim(view)
    const near = this.handles()
      .map((handle) => ({ handle, d: this.ends(handle, view).reduce((least, [hx, hy]) => Math.min(least, Math.hypot(hx - x, hy - y)), Infinity) }))
      .filter(({ d }) => d < REACH)
      .sort((a, b) => a.d - b.d)[0]
    if (!near) return null
    const { handle } = near
    this.held = handle
    const from = this.along(handle, x, y, view) ?? 0
    const before = this.section
    return {
      move: (mx, my) => {
        const to = this.along(handle, mx, my, view)
        if (to !== null) this.set(handle.moved(to - from))
      },
      end: () => this.release(),
      cancel: () => {
        this.release()
        this.set(before)
      },
    }
  }

  get drawn(): boolean {
    return (this.handled || this.host.viewer.tool === 'section') && this.host.viewer.section !== null
  }

  overlay(context: CanvasRenderingContext2D, view: PaneView): void {
    const { accent } = this.host
    context.lineJoin = 'round'
    for (const outline of this.outlines()) {
      const spots = outline.map((p) => this.host.sight.screen(p, view))
      if (spots.some((spot) => !spot)) continue
      context.beginPath()
      for (const spot of spots) context.lineTo(...(spot as [number, number]))
      context.closePath()
      context.strokeStyle = accent
      context.lineWidth = 1.2
      context.setLineDash([6, 4])
      context.stroke()
      context.setLineDash([])
    }
    for (const handle of this.handles()) this.drawHandle(context, this.ends(handle, view), accent, handle.anchor)
  }

  dispose(): void {
    this.held = null
  }

  private get section(): Section {
    return this.host.viewer.section ?? {}
  }

  private set(section: Section): void {
    const empty = section.top === undefined && !section.box && !section.planes?.length
    this.host.viewer.setSection(empty ? null : section)
  }

  private release(): void {
    this.held = null
    this.host.invalidate()
  }

  private cutAt(x: number, y: number): void {
    const hit = this.host.sight.hit(x, y)
    if (!hit || hit.mesh.ground || this.planes.length >= MAX_PLANES) return
    const [a, b, c] = hit.triangle
    const normal = new Vector3().subVectors(b, a).cross(new Vector3().subVectors(c, a)).normalize()
    if (normal.dot(new Vector3().subVectors(hit.point, this.host.camera.position)) > 0) normal.negate()
    const inward = hit.point.clone().addScaledVector(normal, -0.05)
    this.addPlane(toPark(normal), toPark(inward))
  }

  /** Box of the layers that can be cut and are shown. */
  private get bounds(): Box {
    const { layers } = this.host
    const shown = layers.all.filter((layer) => layers.isVisible(layer) && !['terrain', 'base', 'neighbour'].includes(layer.group))
    return unionBoxes(shown.map((layer) => layer.box)) ?? [-50, -50, 0, 50, 50, 30]
  }

  private outlines(): Vec3[][] {
    const { box, top } = this.section
    const planes = top === undefined ? this.planes : [...this.planes, { normal: AXES.z, distance: top }]
    const sides = box ? [0, 1].map((i) => planeInBox({ normal: AXES.z, distance: box[2 + 3 * i] as number }, box)) : []
    const uprights = box ? [[box[0], box[1]], [box[3], box[4]], [box[0], box[4]], [box[3], box[1]]].map(([x, y]) => [[x, y, box[2]], [x, y, box[5]]] as Vec3[]) : []
    return [...planes.map((plane) => planeInBox(plane, this.bounds)), ...sides, ...uprights].filter((outline) => outline.length > 1)
  }

  private handles(): Handle[] {
    const { section } = this
    const { box, top } = section
    const out: Handle[] = this.planes.map((plane, i) => ({
      anchor: this.anchor(plane),
      axis: plane.normal,
      moved: (d) => ({ ...section, planes: this.planes.map((p, j) => (j === i ? { ...p, distance: plane.distance + d } : p)) }),
    }))
    if (top !== undefined) out.push({ anchor: this.anchor({ normal: AXES.z, distance: top }), axis: AXES.z, moved: (d) => ({ ...section, top: top + d }) })
    if (!box) return out
    const middle: Vec3 = [(box[0] + box[3]) / 2, (box[1] + box[4]) / 2, (box[2] + box[5]) / 2]
    for (let side = 0; side < 6; side++) {
      const axis = (['x', 'y', 'z'] as const)[side % 3] as 'x'
      const anchor = [...middle] as Vec3
      anchor[side % 3] = box[side] as number
      const out1 = side < 3 ? -1 : 1
      out.push({
        anchor,
        axis: AXES[axis].map((v) => v * out1) as Vec3,
        moved: (d) => {
          const next = [...box] as Box
          const other = box[(side + 3) % 6] as number
          const wanted = (box[side] as number) + d * out1
          next[side] = side < 3 ? Math.min(wanted, other - 0.2) : Math.max(wanted, other + 0.2)
          return { ...section, box: next }
        },
      })
    }
    return out
  }

  private anchor(plane: CutPlane): Vec3 {
    const outline = planeInBox(plane, this.bounds)
    if (outline.length) return centre(outline)
    const [x0, y0, z0, x1, y1, z1] = this.bounds
    const middle: Vec3 = [(x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2]
    const away = plane.distance - dot(plane.normal, middle)
    return middle.map((v, i) => v + (plane.normal[i] as number) * away) as Vec3
  }

  /** Anchor and tip of a handle on the screen. */
  private ends({ anchor, axis }: Handle, view: PaneView): [number, number][] {
    const { sight } = this.host
    const foot = sight.screen(anchor, view)
    const ahead = sight.screen(anchor.map((v, i) => v + (axis[i] as number)) as Vec3, view)
    if (!foot || !ahead) return []
    const [dx, dy] = [ahead[0] - foot[0], ahead[1] - foot[1]]
    const length = Math.hypot(dx, dy) || 1
    return [foot, [foot[0] + (dx / length) * SHAFT, foot[1] + (dy / length) * SHAFT]]
  }

  private along(handle: Handle, x: number, y: number, view: PaneView): number | null {
    const ray = this.host.sight.rayAt(x, y, view)
    return ray && alongAxis(handle.anchor, handle.axis, toPark(ray.origin), toPark(ray.direction))
  }

  private drawHandle(context: CanvasRenderingContext2D, ends: [number, number][], accent: string, anchor: Vec3): void {
    const [foot, tip] = ends
    if (!foot || !tip) return
    const held = this.held !== null && this.held.anchor.every((v, i) => v === anchor[i])
    context.lineCap = 'round'
    for (const [style, width] of [['#FFFFFF', 6], [accent, held ? 4 : 2.5]] as const) {
      context.strokeStyle = style
      context.lineWidth = width
      context.beginPath()
      context.moveTo(...foot)
      context.lineTo(...tip)
      context.stroke()
    }
    for (const [x, y, r] of [[...foot, 5], [...tip, 7]] as const) {
      context.beginPath()
      context.arc(x, y, r, 0, 2 * Math.PI)
      context.fillStyle = accent
      context.fill()
      context.strokeStyle = '#FFFFFF'
      context.lineWidth = 2
      context.stroke()
    }
  }
}
