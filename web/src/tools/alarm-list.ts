/** What the alarm lists decide without a screen: who is chosen, where the focus goes, what an operation may be. */
import type { Alarm } from '../api/types'

export const SHELVES = [900, 3600, 28_800, 86_400, 604_800] as const
export type Shelf = (typeof SHELVES)[number]

export type Action = 'acknowledge' | 'shelve' | 'reset' | 'service'
export const ACTIONS: readonly Action[] = ['acknowledge', 'shelve', 'reset', 'service']

/** Chosen ids without those that are gone from the list. */
export function stillThere(chosen: ReadonlySet<string>, alarms: readonly Pick<Alarm, 'id'>[]): Set<string> {
  return new Set(alarms.filter((alarm) => chosen.has(alarm.id)).map((alarm) => alarm.id))
}

export function toggled(chosen: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(chosen)
  if (!next.delete(id)) next.add(id)
  return next
}

/** All, or none where all are chosen. */
export function toggledAll(chosen: ReadonlySet<string>, alarms: readonly Pick<Alarm, 'id'>[]): Set<string> {
  return alarms.every((alarm) => chosen.has(alarm.id)) ? new Set() : new Set(alarms.map((alarm) => alarm.id))
}

/** The row that a key leads to, null where the key means nothing here. */
export function rowAfter(key: string, row: number, count: number): number | null {
  const last = count - 1
  if (key === 'ArrowDown') return Math.min(row + 1, last)
  if (key === 'ArrowUp') return Math.max(row - 1, 0)
  if (key === 'Home') return 0
  if (key === 'End') return last
  return null
}

/** Alarms that an action can change; the server has the last word. */
export function eligible(action: Action, alarms: readonly Alarm[]): Alarm[] {
  return alarms.filter((alarm) => {
    if (action === 'acknowledge') return alarm.state === 'active' || alarm.state === 'cleared' || alarm.state === 'latched'
    if (action === 'reset') return alarm.state === 'latched-acknowledged'
    return true
  })
}

/** Whether the form can be sent: a reason where one is asked for, one alarm for out of service. */
export function sendable(action: Action, chosen: readonly Alarm[], text: string): boolean {
  if (eligible(action, chosen).length === 0) return false
  if (action === 'acknowledge' || action === 'reset') return true
  return text.trim() !== '' && (action === 'shelve' || chosen.length === 1)
}
