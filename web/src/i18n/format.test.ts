import { describe, expect, it } from 'vitest'

import { formatAge, formatBytes, formatCompact, formatNumber, formatReading, NO_VALUE, toMillis, unitText, formatSpan } from './format'

describe('numbers', () => {
  it('groups thousands and gives about three digits', () => {
    expect(formatNumber(1234567, 'zh')).toBe('1,234,567')
    expect(formatNumber(12.345, 'en')).toBe('12.3')
    expect(formatNumber(1.2345, 'en')).toBe('1.23')
    expect(formatNumber(5, 'en', 2)).toBe('5.00')
  })

  it('shows one dash for no value', () => {
    for (const none of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) expect(formatNumber(none, 'zh')).toBe(NO_VALUE)
    expect(formatReading(null, '°C', 'zh')).toBe(NO_VALUE)
  })

  it('reads a measurement with the digits of its unit', () => {
    expect(formatReading(22.04, '°C', 'zh')).toBe('22.0')
    expect(formatReading(731.6, 'ppm', 'zh')).toBe('732')
    expect(formatReading(3, 'person', 'zh')).toBe('3')
  })

  it('shortens large figures in the steps of the language', () => {
    expect(formatCompact(9999, 'zh')).toBe('9,999')
    expect(formatCompact(123456, 'zh')).toBe('12.3万')
    expect(formatCompact(250_000_000, 'zh')).toBe('2.5亿')
    expect(formatCompact(123456, 'en')).toBe('123 k')
    expect(formatCompact(2_500_000, 'en')).toBe('2.5 M')
  })

  it('prints units as people write them', () => {
    expect(unitText('m3/h', 'zh')).toBe('m³/h')
    expect(unitText('person', 'zh')).toBe('人')
    expect(unitText('person', 'en')).toBe('people')
    expect(unitText(null, 'en')).toBe('')
  })

  it('prints sizes', () => {
    expect(formatBytes(926_259)).toBe('905 KB')
    expect(formatBytes(12)).toBe('12 B')
    expect(formatBytes(1_572_864)).toBe('1.5 MB')
  })
})

describe('times', () => {
  it('reads milliseconds and ISO text, and knows when there is none', () => {
    expect(toMillis(5)).toBe(5)
    expect(toMillis('1970-01-01T00:00:01Z')).toBe(1000)
    expect(toMillis(0)).toBeNull()
    expect(toMillis('soon')).toBeNull()
    expect(toMillis(null)).toBeNull()
  })

  it('gives ages in the largest whole unit', () => {
    expect(formatAge(500, 'zh')).toBe('刚刚')
    expect(formatAge(59_999, 'zh')).toBe('59秒前')
    expect(formatAge(60_000, 'en')).toBe('1 min ago')
    expect(formatAge(7_200_000, 'en')).toBe('2 h ago')
    expect(formatAge(Number.POSITIVE_INFINITY, 'zh')).toBe('从未收到')
  })
})

describe('formatSpan', () => {
  it('tells the two largest units', () => {
    expect([0, 45, 95, 3600, 93_784].map((seconds) => formatSpan(seconds, 'en'))).toEqual(['0 s', '45 s', '1 min 35 s', '1 h', '1 d 2 h'])
    expect(formatSpan(95, 'zh')).toBe('1 分 35 秒')
    expect(formatSpan(null, 'zh')).toBe(NO_VALUE)
  })
})
