/** Perceptually uniform colour ramps as 256-step tables of 0xRRGGBB. */

import { ramps } from '../../../scenes/picture/looks.json'

export type RampName = keyof typeof ramps

/** Evenly spaced stops of the published ramps (viridis, cividis: CC0); between them sRGB is linear enough. */
const STOPS = Object.fromEntries(Object.entries(ramps).map(([name, stops]) => [name, stops.map((stop) => Number.parseInt(stop.slice(1), 16))])) as unknown as Record<RampName, readonly number[]>

const STEPS = 256
const tables = new Map<RampName, Uint32Array>()

function mix(a: number, b: number, share: number): number {
  const channel = (shift: number): number => {
    const from = (a >> shift) & 0xff
    return Math.round(from + (((b >> shift) & 0xff) - from) * share) << shift
  }
  return channel(16) | channel(8) | channel(0)
}

export function rampTable(name: RampName): Uint32Array {
  const known = tables.get(name)
  if (known) return known
  const stops = STOPS[name]
  const table = new Uint32Array(STEPS)
  for (let step = 0; step < STEPS; step++) {
    const place = (step / (STEPS - 1)) * (stops.length - 1)
    const lower = Math.min(stops.length - 2, Math.floor(place))
    table[step] = mix(stops[lower] ?? 0, stops[lower + 1] ?? 0, place - lower)
  }
  tables.set(name, table)
  return table
}

/** Colour of a value in [low, high]; values outside take the end colours. NaN has no colour: null. */
export function rampColor(name: RampName, value: number, low: number, high: number): number | null {
  if (!Number.isFinite(value)) return null
  const share = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5
  return rampTable(name)[Math.round(share * (STEPS - 1))] ?? null
}

export function cssColor(color: number): string {
  return `#${color.toString(16).padStart(6, '0')}`
}

/** A CSS gradient of the ramp, left to right. */
export function rampGradient(name: RampName): string {
  return `linear-gradient(90deg, ${STOPS[name].map(cssColor).join(', ')})`
}

/** Round limits outward to 1, 2 or 5 times a power of ten, so that a legend reads well. */
export function niceRange(low: number, high: number): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1]
  if (high <= low) return [low - 0.5, low + 0.5]
  const rough = (high - low) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= rough) ?? rough
  return [Math.floor(low / step) * step, Math.ceil(high / step) * step]
}
