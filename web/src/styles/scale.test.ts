import { describe, expect, it } from 'vitest'

import { unitFor } from './scale'
import css from './tokens.css?raw'

describe('root unit', () => {
  it('grows with the wall and keeps to the shorter side', () => {
    expect(unitFor('wall', 1920, 1080)).toBe(1)
    expect(unitFor('wall', 3840, 1080)).toBe(1)
    expect(unitFor('wall', 3840, 2160)).toBe(2)
    expect(unitFor('wall', 1366, 768)).toBeCloseTo(0.711, 2)
    expect(unitFor('wall', 400, 300)).toBe(0.6)
    expect(unitFor('wall', 390, 844)).toBe(0.75)
  })

  it('stays one on the desk', () => {
    expect(unitFor('desk', 3840, 2160)).toBe(1)
  })
})

describe('tokens', () => {
  const block = (selector: string): Map<string, string> => {
    const body = css.slice(css.indexOf(`${selector} {`)).split('}')[0] ?? ''
    return new Map([...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((match) => [match[1] ?? '', match[2] ?? '']))
  }
  const wall = block(":root[data-theme='wall']")
  const desk = block(":root[data-theme='desk']")

  it('are complete in both themes', () => {
    const missing = [...wall.keys()].filter((name) => !desk.has(name))
    expect(missing).toEqual([])
  })

  function contrast(a: string, b: string): number {
    const luminance = (hex: string): number => {
      const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
      const [r = 0, g = 0, blue = 0] = parts.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
      return 0.2126 * r + 0.7152 * g + 0.0722 * blue
    }
    const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
    return (light + 0.05) / (dark + 0.05)
  }

  it.each(['--text-1', '--text-2', '--accent-text', '--positive-text', '--negative-text', '--warning-text'])('wall: %s is read at 7:1', (name) => {
    expect(contrast(wall.get(name) ?? '', wall.get('--panel-raised') ?? '')).toBeGreaterThanOrEqual(7)
  })

  it.each(['--text-1', '--text-2', '--accent-text', '--positive-text', '--negative-text', '--warning-text'])('desk: %s is read at 4.5:1', (name) => {
    expect(contrast(desk.get(name) ?? '', desk.get('--ground-1') ?? '')).toBeGreaterThanOrEqual(4.5)
  })
})
