/** The public face of the viewer core. */
import type { Viewer, ViewerOptions } from './types'

export type * from './types'

/** Make a viewer in `options.container`. */
export function createViewer(options: ViewerOptions): Viewer {
  throw new Error(`createViewer is being built (${options.container.tagName}).`)
}
