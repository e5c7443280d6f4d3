/** The public face of the viewer core. */
import { ParkViewer } from './park-viewer'
import type { Viewer, ViewerOptions } from './types'

export type * from './types'
export type { Drag, Plugin, PluginFactory, PluginHost, ToolHooks } from './plugin'
export type { PaneView } from './pane-set'
export { MARKER_COLOURS } from './labels/markers'

/** Handle for tests and support: only there with `debug: true` or `?debug` in the address. */
declare global {
  interface Window {
    __parktwin?: { viewer: Viewer; renderOnce: () => void; idle: () => Promise<void>; statistics: Viewer['statistics'] }
  }
}

/** Make a viewer that fills `options.container`. Throws where the browser has no WebGL 2. */
export function createViewer(options: ViewerOptions): Viewer {
  const viewer = new ParkViewer(options)
  if (options.debug || new URLSearchParams(location.search).has('debug')) {
    window.__parktwin = {
      viewer,
      renderOnce: () => viewer.renderOnce(),
      idle: () => viewer.idle(),
      statistics: () => viewer.statistics(),
    }
  }
  return viewer
}
