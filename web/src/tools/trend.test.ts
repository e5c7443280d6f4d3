import { describe, expect, it } from 'vitest'

import type { Indicator } from '../api/types'
import { extendTrend } from './trend'

const indicator = (at: number, value: number | null, trend: (number | null)[] = [], times: number[] = []): Indicator => ({
  name: 'power', title_zh: '', title_en: '', unit: 'kW', at, value, trend, trend_at: times, breakdown: [],
})

describe('extendTrend', () => {
  it('begins with what the server kept and adds the present value', () => {
    expect(extendTrend([], indicator(300, 3, [1, null, 2], [100, 150, 200]), 1000)).toEqual([[100, 1], [200, 2], [300, 3]])
  })

  it('keeps what it saw itself, once, in order', () => {
    const first = extendTrend([], indicator(300, 3), 1000)
    const second = extendTrend(first, indicator(400, 4, [2.5], [250]), 1000)
    expect(second).toEqual([[250, 2.5], [300, 3], [400, 4]])
    expect(extendTrend(second, indicator(400, 4), 1000)).toEqual(second)
  })

  it('forgets what is older than the span, and adds nothing without a value', () => {
    expect(extendTrend([[1, 1], [900, 9]], indicator(1200, 5), 500)).toEqual([[900, 9], [1200, 5]])
    expect(extendTrend([[900, 9]], indicator(1200, null), 500)).toEqual([[900, 9]])
    expect(extendTrend([[900, 9]], indicator(1600, null), 500)).toEqual([])
    expect(extendTrend([], indicator(1200, null), 500)).toEqual([])
  })

  it('ends at the moment shown when that goes back', () => {
    expect(extendTrend([[900, 9], [1200, 5]], indicator(1000, 7, [8], [950]), 500)).toEqual([[900, 9], [950, 8], [1000, 7]])
  })
})
