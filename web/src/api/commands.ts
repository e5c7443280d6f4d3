/** Commands of a point: the last one, asking and cancelling. */
import type { Command } from '../live/types'
import { api } from './client'
import { connection } from './live'
import { refresh, useResource } from './resource'

const WRITABLE = new Set(['setpoint', 'command'])

export function isWritable(role: string | null | undefined): boolean {
  return WRITABLE.has(role ?? '')
}

/** How many commands back a past moment is looked up. */
const KNOWN = 200

/** The last command of a point, or as it stood at a past moment (epoch ms); live events ask for it again. */
export function useLastCommand(pointId: string, at: number | null): Command | undefined {
  const past = at !== null
  const { data } = useResource<Command[]>(
    `commands/${pointId}/${past ? 'past' : 'now'}`,
    async () => (await api.get<{ items: Command[] }>('/commands', { point_id: pointId, limit: past ? KNOWN : 1 })).items,
  )
  return past ? commandAt(data ?? [], at) : data?.[0]
}

/** The last command asked for by a moment, in the state in which it was then. `commands`: the latest first. */
export function commandAt(commands: readonly Command[], at: number): Command | undefined {
  const last = commands.find((one) => one.asked_at <= at)
  if (!last || (last.ended_at !== null && last.ended_at <= at)) return last
  const sent = last.sent_at !== null && last.sent_at <= at
  return { ...last, state: sent ? 'sent' : 'asked', ended_at: null, reason: '' }
}

/** Ask for a value; the key makes a repeated click harmless. */
export async function sendCommand(pointId: string, value: number): Promise<void> {
  await connection.command({ point_id: pointId, value, key: crypto.randomUUID() })
  refresh(`commands/${pointId}`)
}

export async function cancelCommand(command: Command): Promise<void> {
  await api.post(`/commands/${command.id}/cancel`)
  refresh(`commands/${command.point_id}`)
}
