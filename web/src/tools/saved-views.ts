/** Views that a person saved in this browser, a list a park. */
import { createStore } from '../api/store'
import { tourFromText, tourToText } from './stage-view'
import type { StageView, TourStop } from './stage-view'

const key = (park: string): string => `parktwin.views.${park}`
/** How long a stop of a tour is looked at unless said otherwise, seconds. */
export const STOP_SECONDS = 4

export class SavedViews {
  readonly store

  constructor(
    private readonly park: string,
    private readonly storage: Pick<Storage, 'getItem' | 'setItem'>,
  ) {
    this.store = createStore<{ stops: TourStop[] }>({ stops: tourFromText(storage.getItem(key(park))) })
  }

  add(name: string, view: StageView): void {
    this.write([...this.store.get().stops, { name, view, seconds: STOP_SECONDS }])
  }

  remove(index: number): void {
    this.write(this.store.get().stops.filter((_, i) => i !== index))
  }

  rename(index: number, name: string): void {
    this.write(this.store.get().stops.map((stop, i) => (i === index ? { ...stop, name } : stop)))
  }

  /** Move a view by one place in the tour; at an end nothing happens. */
  move(index: number, by: 1 | -1): void {
    const stops = [...this.store.get().stops]
    const [stop] = stops.splice(index, 1)
    const to = index + by
    if (!stop || to < 0 || to > stops.length) return
    stops.splice(to, 0, stop)
    this.write(stops)
  }

  /** Keep views that came with an address, after those that are here. */
  take(stops: readonly TourStop[]): void {
    this.write([...this.store.get().stops, ...stops])
  }

  /** Put another list in place of this one. */
  replace(stops: readonly TourStop[]): void {
    this.write([...stops])
  }

  private write(stops: TourStop[]): void {
    this.store.set({ stops })
    this.storage.setItem(key(this.park), tourToText(stops))
  }
}
