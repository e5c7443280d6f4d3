/** Whether a new alarm may pull the stage to itself: only the worst, and never out of someone's hands. */
import type { Alarm } from '../api/types'

/** Nobody has touched the wall for this long: nobody is working on it. */
export const UNTOUCHED_MS = 60_000

export interface WallUse {
  /** When someone last used pointer, wheel or keys, ms of any one clock. */
  touchedAt: number
  /** The same clock, now. */
  now: number
  /** The stage shows something that an alarm or a person has opened. */
  busy: boolean
}

export function pullsStage(event: string, alarm: Pick<Alarm, 'severity'>, { touchedAt, now, busy }: WallUse): boolean {
  return event === 'raised' && alarm.severity === 'critical' && !busy && now - touchedAt >= UNTOUCHED_MS
}
