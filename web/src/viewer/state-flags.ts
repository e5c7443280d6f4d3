/** Bits of an object's state texel (alpha channel); the shader in `patch-material.ts` reads the same numbers. */
export const COLOURED = 1
export const HIDDEN = 2
export const GHOST = 4
export const HIGHLIGHT = 8
export const PULSE = 16
export const SELECTED = 32
/** In the isolated set. While something is isolated, everything without this bit is drawn as a ghost. */
export const KEPT = 64

/** Channels of an object's second texel; the red one is the pane mask. */
export const LEVEL = 1
export const FADE = 2

/** Texels in a row of the state texture. */
export const ROW = 1024
