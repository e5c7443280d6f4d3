import { ramps, tokens } from '../../../scenes/picture/looks.json'

/** Viridis (Smith and van der Walt, 2015; CC0): perceptually even, safe for colour-blind eyes. */
const VIRIDIS = ramps.viridis.map((stop) => Number.parseInt(stop.slice(1), 16))

/** Objects whose value is too old, bad or was never heard. */
export const STALE = Number.parseInt(tokens['--severity-stale'].slice(1), 16)

/** Colour 0xRRGGBB of a share 0…1 of the ramp; outside it the ends. */
export function viridis(share: number): number {
  const at = Math.min(1, Math.max(0, share)) * (VIRIDIS.length - 1)
  const i = Math.min(VIRIDIS.length - 2, Math.floor(at))
  const t = at - i
  const mix = (shift: number) => {
    const a = ((VIRIDIS[i] as number) >> shift) & 255
    const b = ((VIRIDIS[i + 1] as number) >> shift) & 255
    return Math.round(a + (b - a) * t)
  }
  return (mix(16) << 16) | (mix(8) << 8) | mix(0)
}

/** CSS of the ramp from left to right. */
export const RAMP_CSS = `linear-gradient(90deg, ${ramps.viridis.join(', ')})`
