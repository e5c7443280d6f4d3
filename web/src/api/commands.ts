/** Commands of a point: the last one, asking and cancelling. */
import type { Command } from '../live/types'
import { api } from './client'
import { connection } from './live'
import { refresh, useResource } from './resource'

const WRITABLE = new Set(['setpoint', 'command'])

export function isWritable(role: string | null | undefined): boolean {
  return WRITABLE.has(role ?? '')
}

/** The last command of a point; live events ask for it again. */
export function useLastCommand(pointId: string): Command | undefined {
  const { data } = useResource<Command | undefined>(
    `commands/${pointId}`,
    async () => (await api.get<{ items: Command[] }>('/commands', { point_id: pointId, limit: 1 })).items[0],
  )
  return data
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
