import { describe, expect, it } from 'vitest'

import type { PointPlot } from '../../api/types'
import { readRow, trendColumns } from './trend-columns'

const plot = (changes: Partial<PointPlot>): PointPlot => ({
  point_id: 'a',
  unit: '°C',
  t: [1000, 2000, 9000],
  value: [20, 21, 22],
  gaps: [],
  bad: [],
  corrected: [],
  samples: 3,
  width_ms: 100,
  limit_ms: 3000,
  raw_from: 0,
  ...changes,
})

describe('trendColumns', () => {
  it('gives the curve in seconds', () => {
    expect(trendColumns(plot({}))).toEqual([[1, 2, 9], [20, 21, 22], [null, null, null], [null, null, null]])
  })

  it('breaks the line at a gap and nowhere else', () => {
    const columns = trendColumns(plot({ gaps: [[2000, 9000]], bad: [1500] }))
    expect(columns?.[0]).toEqual([1, 1.5, 2, 5.5, 9])
    expect(columns?.[1]).toEqual([20, undefined, 21, null, 22])
  })

  it('marks bad and corrected samples on the curve', () => {
    const columns = trendColumns(plot({ bad: [500, 3000], corrected: [2000] }))
    expect(columns?.[0]).toEqual([0.5, 1, 2, 3, 9])
    expect(columns?.[2]).toEqual([20, null, null, 21, null])
    expect(columns?.[3]).toEqual([null, null, 21, null, null])
  })

  it('needs two samples', () => {
    expect(trendColumns(plot({ t: [1], value: [2] }))).toBeNull()
  })
})

describe('readRow', () => {
  it('tells time, value and mark, and nothing in a gap', () => {
    const columns = trendColumns(plot({ gaps: [[2000, 9000]], bad: [1500], corrected: [2000] }))
    if (!columns) throw new Error('there is a curve')
    expect(readRow(columns, 0)).toEqual({ at: 1000, value: 20, bad: false, corrected: false })
    expect(readRow(columns, 1)).toEqual({ at: 1500, value: 20, bad: true, corrected: false })
    expect(readRow(columns, 2)).toEqual({ at: 2000, value: 21, bad: false, corrected: true })
    expect(readRow(columns, 3)).toBeNull()
    expect(readRow(columns, 9)).toBeNull()
  })
})
