/** Open alarms, worst and newest first. */
import { useMemo } from 'react'

import { api } from './client'
import { live } from './live'
import { pastStore } from './past'
import { refresh, useResource } from './resource'
import type { Resource } from './resource'
import { useStore } from './store'
import type { Alarm, Severity } from './types'

export const SEVERITIES: readonly Severity[] = ['critical', 'major', 'minor', 'notice']

function millis(alarm: Alarm): number {
  return typeof alarm.raised_at === 'number' ? alarm.raised_at : Date.parse(alarm.raised_at ?? '') || 0
}

/** Unanswered before answered, then by severity, then the newest first. */
export function sortAlarms(alarms: readonly Alarm[]): Alarm[] {
  return alarms.toSorted(
    (a, b) =>
      Number(a.state !== 'active') - Number(b.state !== 'active') ||
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      millis(b) - millis(a),
  )
}

/** While the past is shown: those that were open then. Live events ask for the list again; the interval catches what was missed. */
export function useAlarms(): Resource<Alarm[]> & { reload: () => void } {
  const then = useStore(pastStore, (state) => (state.replay ? state.alarms : null))
  const now = useResource<Alarm[]>(
    'alarms/open',
    async () => sortAlarms((await api.get<{ items: Alarm[] }>('/alarms', { state: 'open' })).items),
    { everyMs: 15_000 },
  )
  const sorted = useMemo(() => then && sortAlarms(then), [then])
  return sorted ? { ...now, data: sorted, error: undefined, loading: false } : now
}

export async function acknowledge(alarm: Alarm, comment: string): Promise<void> {
  await api.post(`/alarms/${encodeURIComponent(String(alarm.id))}/acknowledge`, { comment })
  refresh('alarms')
}

/** State index of the alarm's object, by the alarm itself or by its point. */
export function stateOfAlarm(alarm: Alarm): number | null {
  if (typeof alarm.object_state === 'number') return alarm.object_state
  const point = live.indexOf(alarm.point_id)
  return point < 0 ? null : (live.columns?.state[point] ?? null)
}
