/** Live values in React, thinned: a component renders at most `hz` times a second, however fast frames come. */
import { useEffect, useState } from 'react'

import { live } from '../api/live'

/** Compute something from the live store at most `hz` times a second. The function must not change between renders' meaning without `key`. */
export function useLive<T>(compute: () => T, key: string, hz = 2): T {
  const [value, setValue] = useState(compute)
  useEffect(() => {
    const pause = 1000 / hz
    let last = 0
    let timer: ReturnType<typeof setTimeout> | null = null
    const update = (): void => {
      timer = null
      last = performance.now()
      setValue(compute())
    }
    const soon = (): void => {
      if (timer !== null) return
      timer = setTimeout(update, Math.max(0, pause - (performance.now() - last)))
    }
    update()
    const stops = [live.onFrame(soon), live.onReset(soon)]
    return () => {
      for (const stop of stops) stop()
      if (timer !== null) clearTimeout(timer)
    }
    // `key` names what `compute` reads.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, hz])
  return value
}

/** The present time, renewed every `ms` while the page is seen. */
export function useNow(ms = 1000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const tell = (): void => {
      if (!document.hidden) setNow(Date.now())
    }
    const timer = setInterval(tell, ms)
    document.addEventListener('visibilitychange', tell)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', tell)
    }
  }, [ms])
  return now
}
