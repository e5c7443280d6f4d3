/** Dates of the sun study: the days the planning rules name, and the time of day on the park's clock. */

export const SUN_DAYS = [
  { id: 'greatCold', month: 1, day: 20 },
  { id: 'winterSolstice', month: 12, day: 21 },
  { id: 'summerSolstice', month: 6, day: 21 },
] as const

export type SunDayId = (typeof SUN_DAYS)[number]['id']

/** China's clock: UTC+8 all year. */
const CLOCK_OFFSET_HOURS = 8

/** The moment of `hour` (0–24, decimals) on that day of `year`, on the park's clock. */
export function sunMoment(year: number, dayId: SunDayId, hour: number): Date {
  const day = SUN_DAYS.find((candidate) => candidate.id === dayId) ?? SUN_DAYS[0]
  return new Date(Date.UTC(year, day.month - 1, day.day) + Math.round((hour - CLOCK_OFFSET_HOURS) * 3_600_000))
}

export function hourText(hour: number): string {
  const minutes = Math.round(hour * 60)
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
