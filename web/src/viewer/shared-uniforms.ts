import { Color, Vector4 } from 'three'
import type { IUniform, Texture } from 'three'

/** Planes of a section at most: the six sides of a box and six more. */
export const MAX_CUTS = 12

/** Uniforms that every patched material of one viewer shares: written once a frame, read by all. */
export interface SharedUniforms {
  [name: string]: IUniform
  /** State texture, see state-flags.ts. */
  uState: IUniform<Texture | null>
  /** Texture of second texels, and the bit of the pane being drawn (0 = none). */
  uExtra: IUniform<Texture | null>
  uPaneBit: IUniform<number>
  /** 1 while some object has a level or is faded: only then the second texel is read. */
  uHasExtra: IUniform<number>
  /** Metres that one level is lifted in an exploded view. */
  uLevelGap: IUniform<number>
  /** Share of the ground's pixels that is drawn, 0…1. */
  uGroundKeep: IUniform<number>
  /** Where the ground is cut open: min x, min z, max x, max z in three.js axes; min > max = nowhere. */
  uPit: IUniform<Vector4>
  /** 0 nothing isolated, 1 others are ghosts and the ground pales, 2 the ground is a ghost too. */
  uIsolating: IUniform<number>
  /** 0…1, one second long; 0 where motion is unwanted. */
  uPulse: IUniform<number>
  /** Selection and highlight colour, linear. */
  uAccent: IUniform<Color>
  /** Cutting planes: a point is cut where dot(n, p) > w. */
  uCuts: IUniform<Vector4[]>
  uCutCount: IUniform<number>
  /** 0 day … 1 night: state colours glow, some windows are lit. */
  uNight: IUniform<number>
  /** Ambient occlusion of the pane being drawn, and one texel per device pixel of it; null = none. */
  uOcclusion: IUniform<Texture | null>
  /** Left, bottom of the viewport and 1 / its size, device pixels; z = 0 switches it off. */
  uOcclusionFrame: IUniform<Vector4>
  /** Colour that glass mirrors at flat angles, linear. */
  uSky: IUniform<Color>
}

export function createSharedUniforms(): SharedUniforms {
  return {
    uState: { value: null },
    uExtra: { value: null },
    uPaneBit: { value: 0 },
    uHasExtra: { value: 0 },
    uLevelGap: { value: 0 },
    uGroundKeep: { value: 1 },
    uPit: { value: new Vector4(1, 1, -1, -1) },
    uIsolating: { value: 0 },
    uPulse: { value: 0 },
    uAccent: { value: new Color(0x4da3ff) },
    uCuts: { value: Array.from({ length: MAX_CUTS }, () => new Vector4()) },
    uCutCount: { value: 0 },
    uNight: { value: 0 },
    uOcclusion: { value: null },
    uOcclusionFrame: { value: new Vector4() },
    uSky: { value: new Color(0xdfe8f2) },
  }
}
