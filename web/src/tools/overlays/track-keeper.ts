/** Keeps tracks of a source on the stage and plays them. */
import { live } from '../../api/live'
import { createStore } from '../../api/store'
import type { StageController } from '../stage-controller'
import type { TrackChoice } from './choice'
import { TRACK_SOURCES } from './track-sources'

export interface TrackState {
  /** First and last moment, epoch ms; null without tracks. */
  range: readonly [number, number] | null
  time: number
  playing: boolean
  count: number
  busy: boolean
}

const NOTHING: TrackState = { range: null, time: 0, playing: false, count: 0, busy: false }

export class TrackKeeper {
  readonly store = createStore<TrackState>(NOTHING)
  private choice: TrackChoice | null = null
  private rate = 10
  private readonly stop: () => void

  constructor(private readonly stage: StageController) {
    this.stop = stage.viewer.on('playback', ({ time, playing }) => this.store.set({ time, playing }))
  }

  dispose(): void {
    this.stop()
  }

  async show(choice: TrackChoice | null): Promise<void> {
    if (choice === this.choice) return
    this.choice = choice
    const layer = await this.stage.viewer.use('tracks')
    const source = TRACK_SOURCES.find(({ id }) => id === choice?.source)
    if (!choice || !source) {
      layer.set([])
      return this.store.set(NOTHING)
    }
    this.store.set({ busy: true })
    try {
      const to = live.time()
      const tracks = await source.load(this.stage.manifest, to - choice.minutes * 60_000, to)
      if (choice !== this.choice) return
      // A sixth of the span is bright behind each: less could not be seen from afar.
      layer.set(tracks, (choice.minutes * 60) / 6)
      this.store.set({ range: layer.range, time: layer.time, count: tracks.length, playing: false })
    } finally {
      if (choice === this.choice) this.store.set({ busy: false })
    }
  }

  async play(rate = this.rate): Promise<void> {
    this.rate = rate
    ;(await this.stage.viewer.use('tracks')).play(rate)
  }

  async pause(): Promise<void> {
    ;(await this.stage.viewer.use('tracks')).pause()
  }

  async seek(time: number): Promise<void> {
    ;(await this.stage.viewer.use('tracks')).seek(time)
  }
}
