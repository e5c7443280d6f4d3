import { describe, expect, it } from 'vitest'

import type { ComparisonRow, SceneScheme } from '../../api/types'
import { difference, fullBar, toCsv } from './comparison'
import { arrange, BASE } from './panes'

const cell = (value: number | null, verdict = 'pass') => ({ value, verdict, objects: [], formula: '' })
const row = (a: number | null, b: number | null): ComparisonRow => ({
  name: 'far', title_zh: '容积率', title_en: 'FAR', unit: '', better: '', limit: { op: '<=', value: 2, mark: null }, values: { a: cell(a), b: cell(b) },
})
const scheme = (id: string, name: string): SceneScheme => ({ id, name, name_en: name, colour: '#123456', layers: [`layer-${id}`], hides: [] })
const SCHEMES = [scheme('a', '甲'), scheme('b', '乙')]

describe('comparison', () => {
  it('takes the first scheme from the last, and says nothing where a value is missing', () => {
    expect(difference(row(1, 1.5), ['a', 'b'])).toBeCloseTo(0.5)
    expect(difference(row(1, null), ['a', 'b'])).toBeNull()
    expect(difference(row(1, 2), ['a'])).toBeNull()
  })

  it('measures bars against the largest of values and limit', () => {
    expect(fullBar(row(1, 1.5))).toBe(2)
    expect(fullBar(row(3, 1))).toBe(3)
  })

  it('writes CSV that spreadsheets read and do not compute', () => {
    const csv = toCsv([{ ...row(1, null), title_zh: '=1+1, "x"' }], SCHEMES, {
      indicator: '指标', unit: '单位', limit: '限值', verdict: '结论',
      word: (verdict) => verdict, title: (one) => one.title_zh, name: (one) => one.name,
    })
    expect(csv.startsWith('\uFEFF')).toBe(true)
    expect(csv.split('\r\n')[1]).toBe(`"'=1+1, ""x""",,<= 2,1,pass,,pass`)
  })
})

describe('panes', () => {
  const common = { split: 0.4, shown: 'b', chosen: ['a', 'b'] }

  it('stand side by side, each a whole picture', () => {
    const panes = arrange({ ...common, mode: 'side' }, SCHEMES, new Map())
    expect(panes.map((pane) => pane.rect)).toEqual([[0, 0, 0.5, 1], [0.5, 0, 0.5, 1]])
    expect(panes.every((pane) => !pane.swipe)).toBe(true)
    expect([...(panes[1]?.layers ?? [])]).toEqual(['layer-b'])
  })

  it('share one picture in a swipe', () => {
    const panes = arrange({ ...common, mode: 'swipe' }, SCHEMES, new Map())
    expect(panes.map((pane) => [pane.rect[0], pane.rect[2], pane.swipe])).toEqual([[0, 0.4, true], [0.4, 0.6, true]])
  })

  it('show one scheme at a time in a flip, and the base without any', () => {
    expect(arrange({ ...common, mode: 'flip' }, SCHEMES, new Map()).map((pane) => pane.id)).toEqual(['b'])
    expect(arrange({ ...common, mode: 'side', chosen: [BASE] }, SCHEMES, new Map())[0]?.layers.size).toBe(0)
  })

  it('make a grid of four', () => {
    const panes = arrange({ ...common, mode: 'side', chosen: ['a', 'b', BASE, 'c'] }, SCHEMES, new Map())
    expect(panes[3]?.rect).toEqual([0.5, 0.5, 0.5, 0.5])
  })
})
