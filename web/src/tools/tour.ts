/** Plays views one after the other: flies there, looks for a while, goes on. */
import { createStore } from '../api/store'
import type { TourStop } from './stage-view'

export interface TourState {
  playing: boolean
  /** Which stop is shown; -1 before the first. */
  at: number
}

export class Tour {
  readonly store = createStore<TourState>({ playing: false, at: -1 })
  private run = 0

  constructor(
    private readonly show: (stop: TourStop) => Promise<void>,
    private readonly wait: (seconds: number) => Promise<void> = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000)),
  ) {}

  /** Play from the stop after the present one, from the first after the last. Resolves at the end or when stopped. */
  async play(stops: readonly TourStop[]): Promise<void> {
    const run = ++this.run
    const first = (this.store.get().at + 1) % Math.max(1, stops.length)
    this.store.set({ playing: stops.length > 0 })
    for (let at = first; at < stops.length; at++) {
      const stop = stops[at] as TourStop
      this.store.set({ at })
      await this.show(stop)
      if (run !== this.run) return
      await this.wait(stop.seconds)
      if (run !== this.run) return
    }
    this.store.set({ playing: false, at: -1 })
  }

  stop(): void {
    this.run++
    this.store.set({ playing: false })
  }
}
