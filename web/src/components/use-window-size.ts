/** Size of the window in CSS px. */
import { useSyncExternalStore } from 'react'

let size = { width: window.innerWidth, height: window.innerHeight }

function subscribe(listener: () => void): () => void {
  const update = (): void => {
    size = { width: window.innerWidth, height: window.innerHeight }
    listener()
  }
  window.addEventListener('resize', update)
  return () => window.removeEventListener('resize', update)
}

export function useWindowSize(): { width: number; height: number } {
  return useSyncExternalStore(subscribe, () => size)
}
