import { describe, expect, it } from 'vitest'
import { dayAt, momentAt, offsetHours, offsetText } from './park-clock'

const iso = (zone: string, day: string, hour: number): string => momentAt(zone, day, hour).toISOString()

/** Offsets and changes of the clocks as the zone database has them. */
describe('the clock of a park', () => {
  it('is that of its zone, daylight saving included', () => {
    expect(iso('Asia/Shanghai', '2026-06-21', 10)).toBe('2026-06-21T02:00:00.000Z')
    expect(iso('Europe/Berlin', '2026-01-20', 10)).toBe('2026-01-20T09:00:00.000Z')
    expect(iso('Europe/Berlin', '2026-06-21', 10)).toBe('2026-06-21T08:00:00.000Z')
    expect(iso('America/New_York', '2026-12-21', 19.75)).toBe('2026-12-22T00:45:00.000Z')
    expect(iso('America/New_York', '2026-06-21', 0)).toBe('2026-06-21T04:00:00.000Z')
    expect(iso('Australia/Sydney', '2026-12-21', 6)).toBe('2026-12-20T19:00:00.000Z')
    expect(iso('America/St_Johns', '2026-01-20', 12)).toBe('2026-01-20T15:30:00.000Z')
    // Shanghai had summer time in 1990.
    expect(offsetHours('Asia/Shanghai', new Date('1990-07-01T00:00:00Z'))).toBe(9)
  })

  it('is right on the hours beside a change', () => {
    expect(iso('America/New_York', '2026-03-08', 1.5)).toBe('2026-03-08T06:30:00.000Z')
    expect(iso('America/New_York', '2026-03-08', 3.5)).toBe('2026-03-08T07:30:00.000Z')
    expect(iso('Europe/Berlin', '2026-03-29', 1.5)).toBe('2026-03-29T00:30:00.000Z')
    expect(iso('Europe/Berlin', '2026-03-29', 3.5)).toBe('2026-03-29T01:30:00.000Z')
    expect(iso('Europe/Berlin', '2026-10-25', 1.5)).toBe('2026-10-24T23:30:00.000Z')
    expect(iso('Europe/Berlin', '2026-10-25', 3.5)).toBe('2026-10-25T02:30:00.000Z')
    // Left out, and shown twice.
    expect(iso('America/New_York', '2026-03-08', 2.5)).toBe('2026-03-08T07:30:00.000Z')
    expect(iso('Europe/Berlin', '2026-03-29', 2.5)).toBe('2026-03-29T01:30:00.000Z')
    expect(iso('Europe/Berlin', '2026-10-25', 2.5)).toBe('2026-10-25T01:30:00.000Z')
    expect(iso('America/New_York', '2026-11-01', 1.5)).toBe('2026-11-01T05:30:00.000Z')
  })

  it('names its offset and its day', () => {
    expect(offsetText('Asia/Shanghai', new Date(0))).toBe('UTC+8')
    expect(offsetText('America/St_Johns', new Date('2026-01-20T12:00:00Z'))).toBe('UTC−3:30')
    expect(offsetText('Asia/Kolkata', new Date(0))).toBe('UTC+5:30')
    expect(offsetText('Europe/London', new Date('2026-01-20T12:00:00Z'))).toBe('UTC')
    expect(dayAt('Asia/Shanghai', new Date('2026-06-20T20:00:00Z'))).toBe('2026-06-21')
    expect(dayAt('America/New_York', new Date('2026-06-21T02:00:00Z'))).toBe('2026-06-20')
  })

  it('reads a zone that the browser does not know as UTC', () => {
    expect(iso('Mars/Base', '2026-06-21', 10)).toBe('2026-06-21T10:00:00.000Z')
  })
})
