/** Open alarms, worst and newest first. */
import { useMemo } from 'react'

import { api } from './client'
import { live } from './live'
import { pastStore, useAtMoment, usePast } from './past'
import { refresh, useResource } from './resource'
import type { Resource } from './resource'
import { usePermission } from './session'
import { useStore } from './store'
import type { Alarm, AlarmFigures, AlarmGroup, AlarmHold, AlarmsDone, AlarmState, Severity } from './types'

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

const HOLDS: readonly AlarmState[] = ['out-of-service', 'shelved', 'suppressed']

/** Whether this person may answer the alarms that are shown: those of a past moment are told, not changed. */
export function useMayAnswer(): boolean {
  const allowed = usePermission('alarm.acknowledge')
  return !usePast() && allowed
}

/** While the past is shown: those that were open and not held then. Live events ask for the list again; the interval catches what was missed. */
export function useAlarms(): Resource<Alarm[]> & { reload: () => void } {
  const then = useStore(pastStore, (state) => (state.replay ? state.alarms : null))
  const now = useResource<Alarm[]>(
    'alarms/open',
    async () => sortAlarms((await api.get<{ items: Alarm[] }>('/alarms', { state: 'open' })).items),
    { everyMs: 15_000 },
  )
  const sorted = useMemo(() => then && sortAlarms(then.filter((alarm) => !HOLDS.includes(alarm.state))), [then])
  return sorted ? { ...now, data: sorted, error: undefined, loading: false } : now
}

export async function acknowledge(alarm: Alarm, comment: string): Promise<void> {
  await api.post(`/alarms/${encodeURIComponent(String(alarm.id))}/acknowledge`, { comment })
  refresh('alarms')
}

/** Whether the condition is over: what is left is to be answered. */
export function isOver(alarm: Pick<Alarm, 'process'>): boolean {
  return alarm.process !== 'active' && alarm.process !== 'acknowledged'
}

/** Shelved, suppressed and out of service. */
export function useHeldAlarms(): Resource<Alarm[]> & { reload: () => void } {
  return useResource<Alarm[]>('alarms/held', async () => (await api.get<{ items: Alarm[] }>('/alarms', { state: 'held' })).items, { everyMs: 15_000 })
}

export function useHolds(): Resource<AlarmHold[]> & { reload: () => void } {
  return useResource<AlarmHold[]>('alarms/holds', () => api.get('/alarms/holds'), { everyMs: 15_000 })
}

export const GROUPINGS = ['cause', 'storey', 'system', 'object'] as const
export type Grouping = (typeof GROUPINGS)[number]

export function useAlarmGroups(by: Grouping): Resource<AlarmGroup[]> & { reload: () => void } {
  return useResource<AlarmGroup[]>(`alarms/groups/${by}`, () => api.get('/alarms/groups', { by }), { everyMs: 15_000 })
}

/** Figures of the last hours up to the moment shown, for so many operators on duty. */
export function useAlarmFigures(hours: number, operators: number): Resource<AlarmFigures> & { reload: () => void } {
  return useAtMoment<AlarmFigures>(
    `alarm-figures/${hours}/${operators}`,
    (at) => {
      const to = at ?? Date.now() + live.skewMs
      return api.get('/alarms/statistics', { from: Math.round(to - hours * 3_600_000), to: Math.round(to) + 1, operators })
    },
    60_000,
  )
}

interface RuleList {
  items: { id: string; message_zh: string; message_en: string }[]
  error: string
}

function useRules(): RuleList | undefined {
  return useResource<RuleList>('alarms/rules', () => api.get('/alarms/rules'), { everyMs: 60_000 }).data
}

/** Why the rules in force are not those of the file; empty where they are. */
export function useRulesError(): string {
  return useRules()?.error ?? ''
}

export function useAlarmRules(): RuleList['items'] {
  return useRules()?.items ?? []
}

export type Operation = { kind: 'acknowledge' | 'reset'; text: string } | { kind: 'shelve'; text: string; seconds: number }

/** One operation on many alarms. */
export async function operate(alarms: readonly Alarm[], operation: Operation): Promise<AlarmsDone> {
  const ids = alarms.map((alarm) => alarm.id)
  const body =
    operation.kind === 'shelve' ? { ids, seconds: operation.seconds, reason: operation.text } : { ids, comment: operation.text }
  const done = await api.post<AlarmsDone>(`/alarms/${operation.kind}`, body)
  refresh('alarms')
  return done
}

export type Target = { rule: string } | { point_id: string } | { gid: string }

export async function takeOutOfService(target: Target, reason: string): Promise<void> {
  await api.post('/alarms/out-of-service', { ...target, reason })
  refresh('alarms')
}

export async function endHold(hold: AlarmHold): Promise<void> {
  await api.post(`/alarms/holds/${encodeURIComponent(hold.id)}/end`)
  refresh('alarms')
}

/** State index of the alarm's object, by the alarm itself or by its point. */
export function stateOfAlarm(alarm: Alarm): number | null {
  if (typeof alarm.object_state === 'number') return alarm.object_state
  const point = live.indexOf(alarm.point_id)
  return point < 0 ? null : (live.columns?.state[point] ?? null)
}
