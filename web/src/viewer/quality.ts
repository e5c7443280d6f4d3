/** What a quality preset buys. */
export interface Quality {
  /** Pixels drawn at most; the device pixel ratio is lowered to it. */
  pixels: number
  maxRatio: number
  antialias: boolean
  /** Size of the shadow map, 0 for none. */
  shadow: number
  occlusion: boolean
  /** Screen-space error in pixels that tiles may have. */
  errorTarget: number
  cacheMegabytes: number
}

export type QualityName = 'low' | 'medium' | 'high'

export const QUALITIES: Record<QualityName, Quality> = {
  low: { pixels: 1_300_000, maxRatio: 1, antialias: false, shadow: 0, occlusion: false, errorTarget: 24, cacheMegabytes: 300 },
  medium: { pixels: 3_700_000, maxRatio: 1.5, antialias: true, shadow: 2048, occlusion: false, errorTarget: 16, cacheMegabytes: 500 },
  high: { pixels: 8_300_000, maxRatio: 2, antialias: true, shadow: 4096, occlusion: true, errorTarget: 12, cacheMegabytes: 900 },
}

/** A preset from what the browser tells about the device. Software rasterisers get the low one. */
export function detectQuality(gl: WebGL2RenderingContext): QualityName {
  const info = gl.getExtension('WEBGL_debug_renderer_info')
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER))
  if (/swiftshader|llvmpipe|software|microsoft basic/i.test(name)) return 'low'
  const coarse = globalThis.matchMedia?.('(pointer: coarse)').matches ?? false
  if (coarse || /mali|adreno|powervr|apple gpu|intel/i.test(name)) return 'medium'
  return 'high'
}

/** Of each gigabyte that the device has, tiles may take so many megabytes: they lie in the page's memory and in the card's. */
const CACHE_PER_GIGABYTE = 125

/**
 * Megabytes for tiles: what was asked for, else the preset's, less on a device with little memory where the browser tells it (GB, at
 * most 8). Throws where less than one is asked for.
 */
export function cacheMegabytes(quality: Quality, asked?: number, device = (globalThis.navigator as { deviceMemory?: number } | undefined)?.deviceMemory): number {
  if (asked === undefined) return device === undefined ? quality.cacheMegabytes : Math.min(quality.cacheMegabytes, Math.max(1, device * CACHE_PER_GIGABYTE))
  if (!(asked >= 1 && Number.isFinite(asked))) throw new Error(`A cache of ${asked} megabytes was asked for: expected 1 or more.`)
  return asked
}

/** The device pixel ratio to draw with: never above the screen's, never above the budget. */
export function pixelRatio(width: number, height: number, device: number, quality: Quality): number {
  const budget = Math.sqrt(quality.pixels / Math.max(1, width * height))
  return Math.max(0.5, Math.min(device, quality.maxRatio, budget))
}
