/** Pull the stage to an alarm: choose its object, open its storey, ghost the rest, fly there. */
import { stateOfAlarm } from '../api/alarms'
import { api } from '../api/client'
import type { Alarm, ObjectCard } from '../api/types'
import type { StageController } from './stage-controller'

export async function goToAlarm(stage: StageController, alarm: Alarm): Promise<void> {
  if (!alarm.gid) return // a connection has no place
  const card = await api.get<ObjectCard>('/objects/card', { gid: alarm.gid })
  await stage.reveal({ ...card, state: card.state ?? stateOfAlarm(alarm) ?? -1, box: card.box ?? alarm.box }, { open: true })
}
