/** The past moment that the screens show, its alarms, and the way there and back. */
import type { ReplayState } from '../live/types'
import { createStore, useStore } from './store'
import type { Alarm } from './types'

export interface PastState {
  /** null while the present is shown. */
  replay: ReplayState | null
  alarms: Alarm[]
}

export const pastStore = createStore<PastState>({ replay: null, alarms: [] })

/** Whether the screens show a past moment. */
export function usePast(): boolean {
  return useStore(pastStore, (state) => state.replay !== null)
}

/** What the live connection tells of the past. */
export const past = {
  moved(replay: ReplayState): void {
    pastStore.set({ replay: replay.state === 'live' ? null : replay })
  },
  alarms(alarms: Alarm[]): void {
    pastStore.set({ alarms })
  },
  alarm(alarm: Alarm): void {
    const others = pastStore.get().alarms.filter((one) => one.id !== alarm.id)
    const ended = (alarm.state as string) === 'normal' // over and acknowledged: not among the open ones
    pastStore.set({ alarms: ended ? others : [alarm, ...others] })
  },
}
