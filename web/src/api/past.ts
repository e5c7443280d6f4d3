/** The moment that the screens show: the present, or a past one with its alarms, and what is asked of the server for it. */
import type { ReplayState } from '../live/types'
import { refresh, useResource } from './resource'
import type { Resource } from './resource'
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

const MOMENT = 'moment/'

/**
 * What the server tells of the moment shown. `load` is given that instant, epoch ms, or null for the present; it is
 * asked again every `everyMs` while time passes, and at once where somebody jumps to another moment.
 */
export function useAtMoment<T>(name: string, load: (at: number | null) => Promise<T>, everyMs: number): Resource<T> & { reload: () => void } {
  const state = useStore(pastStore, ({ replay }) => replay?.state ?? null)
  const moves = state === null || state === 'playing'
  return useResource<T>(state === null ? name : MOMENT + name, () => load(pastStore.get().replay?.at ?? null), moves ? { everyMs } : {})
}

/** Two messages of a replay that plays are this much apart at most, in seconds of the one who looks. */
const NEXT_S = 3

/** Whether a replay went elsewhere instead of playing on; the first moment is a jump from the present. */
export function jumped(before: ReplayState | null, after: ReplayState): boolean {
  if (before === null || before.state !== 'playing' || after.state !== 'playing') return true
  const passed = after.at - before.at
  return passed < 0 || passed > NEXT_S * 1000 * Math.max(before.speed, after.speed)
}

/** What the live connection tells of the past. */
export const past = {
  moved(replay: ReplayState): void {
    const { replay: before } = pastStore.get()
    pastStore.set({ replay: replay.state === 'live' ? null : replay })
    // Of an earlier journey nobody listens any more: that is forgotten here, so that it is never shown for this one.
    if (jumped(before, replay)) refresh(MOMENT)
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
