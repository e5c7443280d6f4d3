/** A point's curve: of the last while before now, or before the past moment that is shown, or of one span. */
import { useEffect, useState } from 'react'

import type { Span } from '../../api/history'
import { getPlot } from '../../api/history'
import { live } from '../../api/live'
import type { PointPlot } from '../../api/types'

const POINTS = 400
const LOOK_MS = 1000
/** A curve that ends now is asked for again after this share of its length, but not more often than `LEAST_MS`. */
const SHARE = 1 / 400
const LEAST_MS = 15_000

export interface Shown extends Span {
  plot: PointPlot
}

interface Found {
  shown: Shown | null
  error: Error | null
}

/** `zoom` null: the last `lengthMs`; `version`: ask again when it changes. What is shown stays until what comes next is there. */
export function usePlot(pointId: string, lengthMs: number, zoom: Span | null, version: number): Found {
  const [found, setFound] = useState<Found>({ shown: null, error: null })
  const { from, to } = zoom ?? {}
  useEffect(() => {
    const stop = new AbortController()
    let asked = Number.NaN
    let past = false
    let running = false
    const load = (): void => {
      const end = Math.round(live.time())
      const span = from === undefined || to === undefined ? { from: end - lengthMs, to: end } : { from, to }
      asked = end
      past = live.pastAt !== null
      running = true
      getPlot(pointId, span, POINTS, stop.signal)
        .then(
          (plot) => setFound({ shown: { plot, ...span }, error: null }),
          (error: unknown) => {
            if (!stop.signal.aborted) setFound(({ shown }) => ({ shown, error: error instanceof Error ? error : new Error(String(error)) }))
          },
        )
        .finally(() => {
          running = false
        })
    }
    load()
    const timer = setInterval(() => {
      if (running || document.visibilityState === 'hidden') return
      const moved = Math.abs(live.time() - asked)
      const due = live.pastAt === null ? Math.max(LEAST_MS, lengthMs * SHARE) : lengthMs * SHARE
      if (from === undefined ? moved > due || past !== (live.pastAt !== null) : false) load()
    }, LOOK_MS)
    return () => {
      clearInterval(timer)
      stop.abort()
    }
  }, [pointId, lengthMs, from, to, version])
  return found
}
