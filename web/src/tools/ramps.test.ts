import { describe, expect, it } from 'vitest'

import { cssColor, niceRange, rampColor, rampTable } from './ramps'
import type { RampName } from './ramps'

/** Relative luminance of a colour, WCAG. */
function luminance(color: number): number {
  const part = (shift: number): number => {
    const value = ((color >> shift) & 0xff) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
}

describe('ramps', () => {
  it.each<[RampName, number, number]>([
    ['viridis', 0x440154, 0xfde725],
    ['cividis', 0x00224e, 0xfee838],
    ['deviation', 0x2166ac, 0xb2182b],
  ])('%s has its published ends', (name, first, last) => {
    expect(rampTable(name)[0]).toBe(first)
    expect(rampTable(name)[255]).toBe(last)
  })

  it.each<RampName>(['viridis', 'cividis'])('%s grows lighter all the way, so that it reads without hue', (name) => {
    const table = [...rampTable(name)].map(luminance)
    for (let step = 8; step < table.length; step += 8) expect(table[step]).toBeGreaterThan(table[step - 8] ?? 1)
  })

  it('is what the server draws pictures with: the same numbers stand in tests/scenes/picture/test_looks.py', () => {
    const table = rampTable('viridis')
    expect([0, 100, 128, 255].map((step) => cssColor(table[step] ?? 0))).toEqual(['#440154', '#2b768e', '#22908b', '#fde725'])
    expect(cssColor(rampTable('deviation')[127] ?? 0)).toBe('#f7f7f7')
  })

  it('clamps values outside the range and has no colour for none', () => {
    expect(rampColor('viridis', -5, 0, 10)).toBe(0x440154)
    expect(rampColor('viridis', 50, 0, 10)).toBe(0xfde725)
    expect(rampColor('viridis', Number.NaN, 0, 10)).toBeNull()
    expect(rampColor('viridis', 3, 3, 3)).toBe(rampTable('viridis')[128])
  })

  it('writes colours for style sheets', () => {
    expect(cssColor(0x00ff0a)).toBe('#00ff0a')
  })

  it('rounds limits outward', () => {
    expect(niceRange(3.2, 97)).toEqual([0, 100])
    expect(niceRange(18.4, 26.1)).toEqual([18, 28])
    expect(niceRange(5, 5)).toEqual([4.5, 5.5])
    expect(niceRange(Number.NaN, 1)).toEqual([0, 1])
  })
})
