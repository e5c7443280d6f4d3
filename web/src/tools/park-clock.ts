/** The clock of a park: local dates and hours of its time zone, and the moments they are. */

const HOUR_MS = 3_600_000
/** Where the browser does not know the zone that the park names. */
const UNKNOWN = 'UTC'

const formats = new Map<string, Intl.DateTimeFormat>()

/** Local time of a zone as numbers. A name that this browser does not know reads as UTC. */
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) {
    const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const
    try {
      format = new Intl.DateTimeFormat('en-US', { ...parts, timeZone: zone })
    } catch {
      format = new Intl.DateTimeFormat('en-US', { ...parts, timeZone: UNKNOWN })
    }
    formats.set(zone, format)
  }
  return format
}

/** Hours that the zone's clocks are ahead of UTC at a moment, daylight saving included. */
export function offsetHours(zone: string, moment: Date): number {
  const found: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
  for (const { type, value } of formatOf(zone).formatToParts(moment)) found[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found
  const whole = Math.floor(moment.getTime() / 1000) * 1000
  return (Date.UTC(year, month - 1, day, hour, minute, second) - whole) / HOUR_MS
}

/**
 * The moment when the zone's clocks show `hour` (0–24, decimals) of a day (`2026-06-21`). An hour that the clocks leave out is as much
 * later; of an hour that they show twice the second is taken where the zone is ahead of UTC, else the first.
 */
export function momentAt(zone: string, day: string, hour: number): Date {
  const shown = Date.parse(`${day}T00:00:00Z`) + Math.round(hour * HOUR_MS)
  const before = (guess: number): number => shown - offsetHours(zone, new Date(guess)) * HOUR_MS
  const first = before(shown)
  const second = before(first)
  return new Date(before(second) === second ? second : Math.max(first, second))
}

/** The day that the zone's calendar shows at a moment, as `2026-06-21`. */
export function dayAt(zone: string, moment: Date): string {
  return new Date(moment.getTime() + offsetHours(zone, moment) * HOUR_MS).toISOString().slice(0, 10)
}

/** `UTC+8`, `UTC−3:30`. */
export function offsetText(zone: string, moment: Date): string {
  const minutes = Math.round(offsetHours(zone, moment) * 60)
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  if (minutes === 0) return 'UTC'
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`
}
