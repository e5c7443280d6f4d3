import { toPark } from './axes'
import type { Emitter } from './emitter'
import type { LabelLayer } from './labels/label-layer'
import type { Navigator } from './navigation/navigator'
import type { Drag, Plugin, ToolHooks } from './plugin'
import type { PluginSet } from './plugins'
import { PointerInput } from './pointer-input'
import type { Sight } from './sight'
import type { ToolName, ViewerEvents } from './types'

/** What clicks, presses and hovering do: the tool in force has them first, then labels and objects. */
export class Interaction {
  tool: ToolName = 'select'
  private hooks: ToolHooks | null = null
  private arriving: Promise<void> = Promise.resolve()
  private readonly input: PointerInput

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly sight: Sight,
    private readonly labels: LabelLayer,
    private readonly navigator: Navigator,
    private readonly plugins: PluginSet,
    private readonly events: Emitter<ViewerEvents>,
    /** Whether a frame is due anyway: then hovering waits. */
    private readonly busy: () => boolean,
  ) {
    this.input = new PointerInput(canvas, {
      click: (x, y, event) => void this.arriving.then(() => this.click(x, y, event)),
      doubleClick: (x, y) => this.doubleClick(x, y),
      grab: (x, y, event) => this.grab(x, y, event),
      hover: (x, y, event) => this.hover(x, y, event),
      leave: (event) => {
        this.hooks?.leave?.()
        if (events.has('hover')) events.emit('hover', { pick: null, event })
      },
      menu: (x, y, event) => events.emit('contextmenu', { pick: sight.pick(x, y), event }),
      cancel: () => this.hooks?.cancel?.() ?? false,
      key: (event) => this.hooks?.key?.(event) ?? false,
    })
  }

  setTool(tool: ToolName): Promise<void> {
    // Throws before anything changes where there is no such tool.
    const plugin = this.plugins.ofTool(tool)
    if (tool !== this.tool) {
      this.tool = tool
      this.events.emit('tool', tool)
    }
    this.adopt(null)
    const arrived = plugin ? plugin.then((made) => tool === this.tool && this.adopt(made)) : Promise.resolve()
    this.arriving = arrived.then(
      () => undefined,
      () => undefined,
    )
    return arrived.then(() => undefined)
  }

  dispose(): void {
    this.input.dispose()
  }

  private adopt(plugin: Plugin | null): void {
    const next = plugin?.tool ?? null
    if (next !== this.hooks) this.hooks?.end?.()
    this.hooks = next
    this.canvas.style.cursor = next?.cursor ?? ''
  }

  private grab(x: number, y: number, event: PointerEvent): Drag | null {
    for (const plugin of this.plugins.all) {
      const drag = plugin.grab?.(x, y, event)
      if (drag) return drag
    }
    return null
  }

  private click(x: number, y: number, event: PointerEvent): void {
    if (this.hooks?.click) return this.hooks.click(x, y, event)
    const view = this.sight.panes.at(x, y)
    const label = view && this.labels.at(x - view.viewport[0], y - view.viewport[1])
    if (label && this.events.has('label')) this.events.emit('label', { id: label.id, event })
    // Alt looks behind what is in front: the second object along the line of sight.
    else this.events.emit('pick', { pick: event.altKey ? (this.sight.pickAll(x, y)[1] ?? this.sight.pick(x, y)) : this.sight.pick(x, y), event })
  }

  private doubleClick(x: number, y: number): void {
    if (this.hooks) return this.hooks.doubleClick?.(x, y)
    if (this.navigator.mode !== 'orbit') return
    const hit = this.sight.hit(x, y)
    if (!hit) return
    const { position } = this.navigator.pose
    const target = toPark(hit.point)
    const pull = 0.55
    void this.navigator.go({
      target,
      position: [target[0] + (position[0] - target[0]) * pull, target[1] + (position[1] - target[1]) * pull, target[2] + (position[2] - target[2]) * pull],
    })
  }

  private hover(x: number, y: number, event: PointerEvent): void {
    if (this.busy()) return
    if (this.hooks?.hover) this.hooks.hover(x, y)
    else if (this.events.has('hover')) this.events.emit('hover', { pick: this.sight.pick(x, y), event })
  }
}
