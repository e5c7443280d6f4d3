/** The one live connection of the page: store, client, alarm events, the past, and what the screens may watch. */
import { LiveClient } from '../live/client'
import type { Connection, LiveEvent } from '../live/types'
import { api, csrfToken } from './client'
import { LiveStore } from './live-store'
import { past } from './past'
import { createStore } from './store'
import { refresh } from './resource'
import type { Alarm, PointColumns } from './types'

export type { Connection } from '../live/types'

export const live = new LiveStore()

export interface LiveStatus {
  connection: Connection
  revision: number
  /** Counts snapshots: 0 before the first values arrived. */
  snapshots: number
}

export const liveStatus = createStore<LiveStatus>({ connection: 'connecting', revision: 0, snapshots: 0 })

type AlarmListener = (event: string, alarm: Alarm) => void
const alarmListeners = new Set<AlarmListener>()

export function onAlarmEvent(listener: AlarmListener): () => void {
  alarmListeners.add(listener)
  return () => alarmListeners.delete(listener)
}

/** Frames a second while somebody looks, and while nobody does; alarms come at once all the same. */
const QUICK_HZ = 5
const SLOW_HZ = 0.1

let loaded = -1

export const connection = new LiveClient({
  csrf: csrfToken,
  prepare: async (revision) => {
    if (loaded === revision && live.columns) return
    live.setPoints(await api.get<PointColumns>('/points'))
    loaded = revision
    liveStatus.set({ revision })
  },
  onEvent: receive,
  onConnection: (next) => {
    const before = liveStatus.get().connection
    if (next === 'live') live.lostSince = null
    else if (next === 'lost') live.lostSince ??= Date.now()
    if (next !== before) {
      liveStatus.set({ connection: next })
      if (next === 'live' && before !== 'live') live.touchAll()
    }
  },
})

function receive(event: LiveEvent): void {
  switch (event.type) {
    case 'hello':
      live.skewMs = event.time - Date.now()
      break
    case 'alarm': {
      const alarm = event.alarm as unknown as Alarm
      if (event.past) past.alarm(alarm)
      else {
        refresh('alarms')
        for (const listener of [...alarmListeners]) listener(event.event, alarm)
      }
      break
    }
    case 'past-alarms':
      past.alarms(event.items as unknown as Alarm[])
      break
    case 'replay':
      live.pastAt = event.state === 'live' ? null : event.at
      past.moved(event)
      if (event.state === 'live') refresh('alarms')
      break
    case 'command':
      refresh(`commands/${event.command.point_id}`)
      break
    case 'scene':
      refresh('scene', 'park', 'layers', 'schemes', 'comparison')
      break
    default:
      break
  }
}

const values = connection.subscribe({}, QUICK_HZ, (frame) => {
  live.apply(frame)
  if (frame.type === 'snapshot') liveStatus.set({ snapshots: liveStatus.get().snapshots + 1 })
})

/** The values of now come with the snapshot that follows when the page is seen again. */
const look = (): void => values.setRate(document.hidden ? SLOW_HZ : QUICK_HZ)

export function startLive(): void {
  look()
  document.addEventListener('visibilitychange', look)
  connection.start()
}

export function stopLive(): void {
  document.removeEventListener('visibilitychange', look)
  connection.stop()
}
