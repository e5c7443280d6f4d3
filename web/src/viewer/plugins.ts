/** What can be fetched beside the core, by name: one line each here, one file each under tools/ and overlays/. */
import type { Capture } from './capture/capture'
import type { FlowLines } from './overlays/flow-lines'
import type { HeatLayer } from './overlays/heat-layer'
import type { HeatVolume } from './overlays/heat-volume'
import type { Minimap } from './overlays/minimap'
import type { Pit } from './overlays/pit'
import type { TrackLayer } from './overlays/track-layer'
import type { ViewCones } from './overlays/view-cones'
import type { Weather } from './overlays/weather'
import { Guest } from './guest'
import type { Plugin, PluginFactory, PluginHost } from './plugin'
import type { MeasureTool } from './tools/measure/measure-tool'
import type { RegionTool } from './tools/region-tool'
import type { SectionTool } from './tools/section/section-tool'
import type { ToolName } from './types'
import type { Headset } from './xr/headset'

export interface Plugins {
  region: RegionTool
  measure: MeasureTool
  section: SectionTool
  heat: HeatLayer
  volume: HeatVolume
  flows: FlowLines
  tracks: TrackLayer
  cones: ViewCones
  weather: Weather
  pit: Pit
  minimap: Minimap
  capture: Capture
  headset: Headset
}

const LOADERS: { [K in keyof Plugins]: (host: PluginHost) => Promise<Plugins[K]> } = {
  region: async (host) => new (await import('./tools/region-tool')).RegionTool(host),
  measure: async (host) => new (await import('./tools/measure/measure-tool')).MeasureTool(host),
  section: async (host) => new (await import('./tools/section/section-tool')).SectionTool(host),
  heat: async (host) => new (await import('./overlays/heat-layer')).HeatLayer(host),
  volume: async (host) => new (await import('./overlays/heat-volume')).HeatVolume(host),
  flows: async (host) => new (await import('./overlays/flow-lines')).FlowLines(host),
  tracks: async (host) => new (await import('./overlays/track-layer')).TrackLayer(host),
  cones: async (host) => new (await import('./overlays/view-cones')).ViewCones(host),
  weather: async (host) => new (await import('./overlays/weather')).Weather(host),
  pit: async (host) => new (await import('./overlays/pit')).Pit(host),
  minimap: async (host) => new (await import('./overlays/minimap')).Minimap(host),
  capture: async (host) => new (await import('./capture/capture')).Capture(host),
  headset: async (host) => new (await import('./xr/headset')).Headset(host),
}

/** Which plugin does a tool's work; `select` is the core's own. */
const TOOL_PLUGIN: Record<Exclude<ToolName, 'select'>, keyof Plugins> = { box: 'region', lasso: 'region', measure: 'measure', section: 'section', pit: 'pit' }

/** Plugins that were asked for, each fetched and made once. */
export class PluginSet {
  private readonly asked = new Map<keyof Plugins, Promise<Plugin>>()
  private readonly made: Plugin[] = []
  private readonly guests = new Map<unknown, Promise<Plugin>>()
  /** What was given for each of them. */
  private readonly origins = new Map<Plugin, unknown>()
  private disposed = false

  constructor(private readonly host: PluginHost) {}

  /** Throws (in the promise) where the code cannot be fetched; the next call tries again. */
  use<K extends keyof Plugins>(name: K): Promise<Plugins[K]> {
    let plugin = this.asked.get(name) as Promise<Plugins[K]> | undefined
    if (!plugin) {
      const load = LOADERS[name]
      if (!load) return Promise.reject(new Error(`The viewer has no plugin "${String(name)}": expected one of ${Object.keys(LOADERS).join(', ')}.`))
      plugin = load(this.host).then((made) => {
        if (this.disposed) made.dispose()
        else this.made.push(made)
        return made
      })
      plugin.catch(() => this.asked.delete(name))
      this.asked.set(name, plugin)
    }
    return plugin
  }

  /** Add somebody else's plugin, or what makes one; the same is added once. Throws (in the promise) what making it throws, and where it is none. */
  add<P extends Plugin>(given: P | PluginFactory<P>): Promise<P> {
    let plugin = this.guests.get(given) as Promise<P> | undefined
    if (!plugin) {
      plugin = Promise.resolve(given)
        .then((one) => (typeof one === 'function' ? one(this.host) : one))
        .then((made) => this.receive(given, made))
      plugin.catch(() => this.guests.delete(given))
      this.guests.set(given, plugin)
    }
    return plugin
  }

  /** End a plugin that was added. False where there is none such. */
  drop(plugin: Plugin): boolean {
    const at = this.made.findIndex((one) => one instanceof Guest && one.plugin === plugin)
    if (at < 0) return false
    this.made.splice(at, 1)[0]?.dispose()
    this.guests.delete(this.origins.get(plugin))
    this.origins.delete(plugin)
    this.host.invalidate()
    return true
  }

  /** The plugin of a tool; null for `select`. Throws where there is no such tool. */
  ofTool(tool: ToolName): Promise<Plugin> | null {
    if (tool === 'select') return null
    const name = TOOL_PLUGIN[tool]
    if (!name) throw new Error(`The viewer has no tool "${String(tool)}": expected select, ${Object.keys(TOOL_PLUGIN).join(', ')}.`)
    return this.use(name)
  }

  get all(): readonly Plugin[] {
    return this.made
  }

  private receive<P extends Plugin>(given: unknown, made: P): P {
    if (typeof (made as Partial<Plugin> | null)?.dispose !== 'function') throw new Error('What was given is no plugin: expected an object with dispose(), or a function that makes one.')
    const guest = new Guest(made, (error) => {
      this.host.emit('error', { code: 'plugin', message: `A plugin of this page failed and was ended: ${error instanceof Error ? error.message : String(error)}` })
    })
    if (this.disposed) guest.dispose()
    else {
      this.made.push(guest)
      this.origins.set(made, given)
      this.host.invalidate()
    }
    return made
  }

  dispose(): void {
    this.disposed = true
    for (const plugin of this.made.splice(0)) plugin.dispose()
  }
}
