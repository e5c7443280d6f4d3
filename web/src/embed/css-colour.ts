import { Refused } from './check'

/** 0xRRGGBB of an opaque CSS colour. Throws Refused. */
export function cssColour(css: string): number {
  const context = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D
  context.fillStyle = '#010203'
  context.fillStyle = css
  const hex = context.fillStyle
  if (!/^#[0-9a-f]{6}$/.test(hex) || (hex === '#010203' && css.toLowerCase() !== '#010203'))
    throw new Refused('colour', `"${css.slice(0, 80)}" is no opaque CSS colour: expected for example "#ff4d4f" or "tomato".`)
  return parseInt(hex.slice(1), 16)
}
