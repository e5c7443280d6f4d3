import type { PaneView } from './pane-set'
import type { Drag, Plugin } from './plugin'

/** A plugin of somebody else's among ours: what it throws ends it, and neither the picture nor its neighbours. */
export class Guest implements Plugin {
  private ended = false

  /** `failed` hears what it threw, once; afterwards it is asked for nothing more. */
  constructor(
    readonly plugin: Plugin,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Drawn where it has an overlay and does not say otherwise. */
  get drawn(): boolean {
    return this.ask(() => this.plugin.drawn ?? this.plugin.overlay !== undefined) ?? false
  }

  grab(x: number, y: number, event: PointerEvent): Drag | null {
    return this.ask(() => this.plugin.grab?.(x, y, event)) ?? null
  }

  update(seconds: number): boolean {
    return this.ask(() => this.plugin.update?.(seconds)) ?? false
  }

  overlay(context: CanvasRenderingContext2D, view: PaneView): void {
    context.save()
    this.ask(() => this.plugin.overlay?.(context, view))
    context.restore()
  }

  loaded(): void {
    this.ask(() => this.plugin.loaded?.())
  }

  dispose(): void {
    this.ask(() => this.plugin.dispose())
    this.ended = true
  }

  private ask<T>(hook: () => T): T | undefined {
    if (this.ended) return undefined
    try {
      return hook()
    } catch (error) {
      this.ended = true
      this.failed(error)
      return undefined
    }
  }
}
