/** Dates of the sun study: the days the planning rules name, and when a day is light on the park's clock. */
import { getPosition } from 'suncalc'
import { momentAt } from './park-clock'

export const SUN_DAYS = [
  { id: 'greatCold', day: '01-20' },
  { id: 'winterSolstice', day: '12-21' },
  { id: 'summerSolstice', day: '06-21' },
] as const

export type SunDayId = (typeof SUN_DAYS)[number]['id']

/** The zone of parks whose server names none: the default of park.toml. */
export const USUAL_ZONE = 'Asia/Shanghai'

/** Times of day that can be chosen lie so far apart, hours. */
export const STEP_HOURS = 0.25
export const LAST_HOUR = 24 - STEP_HOURS

/** Where on the park's globe and clock a day is looked at. */
export interface SunPlace {
  latitude: number
  longitude: number
  zone: string
}

/** The same day of that name in the year of `date` (`2026-06-21`). */
export function sunDay(date: string, id: SunDayId): string {
  const found = SUN_DAYS.find((candidate) => candidate.id === id) ?? SUN_DAYS[0]
  return `${date.slice(0, 4)}-${found.day}`
}

/** Which of the named days a date is, if any. */
export function sunDayOf(date: string): SunDayId | null {
  return SUN_DAYS.find(({ day }) => date.endsWith(day))?.id ?? null
}

/** Whether the sun stands above the horizon. */
export function isLight({ latitude, longitude, zone }: SunPlace, date: string, hour: number): boolean {
  return getPosition(momentAt(zone, date, hour), latitude, longitude).altitude > 0
}

/** First and last of the hours that can be chosen with the sun up; null where it never rises that day. */
export function lightHours(place: SunPlace, date: string): [number, number] | null {
  const hours = Array.from({ length: 24 / STEP_HOURS }, (_, i) => i * STEP_HOURS).filter((hour) => isLight(place, date, hour))
  const [first] = hours
  return first === undefined ? null : [first, hours.at(-1) as number]
}

export function hourText(hour: number): string {
  const minutes = Math.round(hour * 60)
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
