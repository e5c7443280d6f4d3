import { Ray, Vector3 } from 'three'
import { toPark } from '../../axes'
import type { RayHit } from '../../picker'
import type { PaneView } from '../../pane-set'
import type { Plugin, PluginHost, ToolHooks } from '../../plugin'
import type { Vec3 } from '../../types'
import { drawMark, drawMeasurement } from './draw'
import { CLICKS, measure } from './measurement'
import type { MeasureKind, Measurement } from './measurement'
import { snap } from './snap'
import type { SnapKind, Snapped } from './snap'

/** How far a clearance is looked for, metres. */
const FAR = 200
/** A floor's or ceiling's clearance is taken plumb where it leans by less: cosine of 8°. */
const PLUMB = Math.cos((8 * Math.PI) / 180)

/**
 * Measuring by clicks that snap to corners, edges and faces: distance, height, angle, area, point, clearance. Values are drawn on a canvas
 * above the stage, in signs that need no translation; the host lists them by `measures`.
 */
export class MeasureTool implements Plugin {
  readonly tool: ToolHooks = {
    cursor: 'crosshair',
    click: (x, y) => this.click(x, y),
    doubleClick: () => this.finish(),
    hover: (x, y) => this.hover(x, y),
    leave: () => this.move(null, 'face'),
    cancel: () => this.cancel(),
    key: (event) => this.key(event),
    end: () => {
      this.points = []
      this.move(null, 'face')
    },
  }
  kind: MeasureKind = 'distance'
  private done: Measurement[] = []
  private points: Vec3[] = []
  private cursor: { point: Vec3; kind: SnapKind } | null = null
  private last = 0

  constructor(private readonly host: PluginHost) {}

  get list(): readonly Measurement[] {
    return this.done
  }

  /** What the next clicks measure; a begun measurement of another kind is dropped. */
  setKind(kind: MeasureKind): void {
    if (kind === this.kind) return
    this.kind = kind
    this.points = []
    this.told()
  }

  /** End an area with the points it has. */
  finish(): void {
    if (this.kind !== 'area') return
    // The second click of a double click stands on the first.
    const points = this.points.filter((p, i) => i === 0 || apart(p, this.points[i - 1] as Vec3) > 1e-3)
    const found = measure('area', points, this.last + 1)
    if (found) this.add(found)
  }

  /** Take back the last point, or the last measurement where none is begun. False where there is nothing. */
  undo(): boolean {
    if (this.points.length) this.points.pop()
    else if (!this.done.length) return false
    else this.done = this.done.slice(0, -1)
    this.told()
    return true
  }

  remove(id: number): void {
    this.done = this.done.filter((m) => m.id !== id)
    this.told()
  }

  clear(): void {
    this.done = []
    this.points = []
    this.told()
  }

  /** Put these in place of what was measured, as after going back. */
  restore(list: readonly Measurement[]): void {
    this.done = [...list]
    this.points = []
    this.last = Math.max(this.last, ...list.map(({ id }) => id))
    this.told()
  }

  get drawn(): boolean {
    return this.done.length > 0 || this.points.length > 0 || this.cursor !== null
  }

  overlay(context: CanvasRenderingContext2D, view: PaneView): void {
    const { accent, sight } = this.host
    const project = (p: Readonly<Vec3>) => sight.screen(p, view)
    for (const m of this.done) drawMeasurement(context, m, project, accent)
    const open = this.cursor && this.points.length ? [...this.points, this.cursor.point] : this.points
    const begun = measure(this.kind, open) ?? (open.length > 1 ? measure('distance', open.slice(-2)) : null)
    if (begun && this.points.length) drawMeasurement(context, begun, project, accent)
    for (const point of this.points) drawMark(context, project(point), 'face', accent)
    if (this.cursor) drawMark(context, project(this.cursor.point), this.cursor.kind, accent)
  }

  dispose(): void {
    this.done = []
    this.points = []
  }

  private click(x: number, y: number): void {
    const hit = this.host.sight.hit(x, y)
    const snapped = hit && this.snapped(hit, x, y)
    if (!hit || !snapped) return
    if (this.kind === 'clearance') return this.clear1(hit, snapped)
    this.points.push(toPark(snapped.point))
    const found = this.points.length >= CLICKS[this.kind] ? measure(this.kind, this.points, this.last + 1) : null
    if (found) this.add(found)
    else this.told()
  }

  /** From a face straight away to whatever stands against it: the headroom over a floor, the width between walls. */
  private clear1(hit: RayHit, { point }: Snapped): void {
    const [a, b, c] = hit.triangle
    const normal = new Vector3().subVectors(b, a).cross(new Vector3().subVectors(c, a)).normalize()
    if (normal.dot(new Vector3().subVectors(hit.point, this.host.camera.position)) > 0) normal.negate()
    if (Math.abs(normal.y) > PLUMB) normal.set(0, Math.sign(normal.y), 0)
    const ray = new Ray(new Vector3().copy(point).addScaledVector(normal, 0.002), normal)
    const far = this.host.sight.cast(ray, FAR, { backs: true })
    const found = far && measure('clearance', [toPark(point), toPark(far.point)], this.last + 1)
    if (found) this.add(found)
  }

  private add(found: Measurement): void {
    this.last = found.id
    this.done = [...this.done, found]
    this.points = []
    this.told()
    this.host.emit('measure', found)
  }

  private told(): void {
    this.host.emit('measures', { list: this.done, open: this.points.length })
    this.host.invalidate()
  }

  private cancel(): boolean {
    if (!this.points.length) return false
    this.points = []
    this.told()
    return true
  }

  private key(event: KeyboardEvent): boolean {
    if (event.key === 'Enter' && this.kind === 'area') this.finish()
    else if (event.key === 'Backspace' || event.key === 'Delete') return this.undo()
    // Finished ones are taken back by the host, with all else that was done.
    else if (event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey && this.points.length > 0) return this.undo()
    else return false
    return true
  }

  private hover(x: number, y: number): void {
    const hit = this.host.sight.hit(x, y)
    const snapped = hit && this.snapped(hit, x, y)
    this.move(snapped?.point ?? null, snapped?.kind ?? 'face')
  }

  private move(point: Vector3 | null, kind: SnapKind): void {
    if (!point && !this.cursor) return
    this.cursor = point ? { point: toPark(point), kind } : null
    this.host.invalidate()
  }

  private snapped(hit: RayHit, x: number, y: number): Snapped | null {
    const view = this.host.panes.at(x, y)
    if (!view) return null
    const solid = this.host.sight.solidIn(view)
    return snap(hit, this.host.sight, view, (state) => solid(state, false, hit.mesh))
  }
}

function apart(a: Vec3, b: Vec3): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
}
