/** The one live connection of the page: store, socket, alarm events, and what the screens may watch. */
import { api } from './client'
import { LiveSocket } from './live-socket'
import type { Connection } from './live-socket'
import { LiveStore } from './live-store'
import { createStore } from './store'
import { refresh } from './resource'
import type { Alarm, PointColumns } from './types'

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

let loaded = -1

const socket = new LiveSocket({
  open: () => {
    const url = new URL('/api/v1/live', location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    return new WebSocket(url, ['parktwin.json'])
  },
  prepare: async (revision) => {
    if (loaded === revision && live.columns) return
    live.setPoints(await api.get<PointColumns>('/points'))
    loaded = revision
    liveStatus.set({ revision })
  },
  onFrame: (frame) => {
    live.apply(frame)
    if (frame.type === 'snapshot') liveStatus.set({ snapshots: liveStatus.get().snapshots + 1 })
  },
  onAlarm: (event, alarm) => {
    refresh('alarms')
    for (const listener of [...alarmListeners]) listener(event, alarm)
  },
  onScene: () => refresh('scene', 'park', 'layers', 'schemes', 'comparison'),
  onClock: (time) => {
    live.skewMs = time - Date.now()
  },
  onConnection: (connection) => {
    const before = liveStatus.get().connection
    if (connection === 'live') live.lostSince = null
    else if (connection === 'lost') live.lostSince ??= Date.now()
    if (connection !== before) {
      liveStatus.set({ connection })
      if (connection === 'live' && before !== 'live') live.touchAll()
    }
  },
})

const look = (): void => socket.setSlow(document.hidden)

export function startLive(): void {
  look()
  document.addEventListener('visibilitychange', look)
  socket.start()
}

export function stopLive(): void {
  document.removeEventListener('visibilitychange', look)
  socket.stop()
}
