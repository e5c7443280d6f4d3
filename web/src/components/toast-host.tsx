/** The place of the notices' cards: stands once beside the screens. */
import { useStore } from '../api/store'
import { useFetchWhenIdle, useLater } from './later'
import { notices } from './toast'

const load = async () => (await import('./toast-cards')).ToastCards

export function ToastHost() {
  const newest = useStore(notices, ({ list }) => list[0]?.id ?? 0)
  // Fetched ahead, because a lost connection is told with a card; where even that failed, the notice stands in the drawer.
  const Cards = useLater(load, newest > 0, () => undefined)
  useFetchWhenIdle(load)
  return Cards ? <Cards /> : null
}
