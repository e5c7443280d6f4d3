/** A trend that grows: what the server kept, then every value since. */
import type { Indicator } from '../api/types'
import { toMillis } from '../i18n/format'

/** Epoch ms and value. */
export type TrendPoint = readonly [number, number]

/** The indicator's own samples and its value added to what is known; what lies after it, or `spanMs` before it, goes. */
export function extendTrend(known: readonly TrendPoint[], indicator: Indicator, spanMs: number): TrendPoint[] {
  const points = new Map<number, number>(known)
  indicator.trend_at?.forEach((at, index) => {
    const value = indicator.trend[index]
    if (typeof value === 'number') points.set(at, value)
  })
  const now = toMillis(indicator.at)
  if (now !== null && indicator.value !== null) points.set(now, indicator.value)
  const end = now ?? Math.max(...points.keys())
  return [...points].filter(([at]) => at > end - spanMs && at <= end).sort((a, b) => a[0] - b[0])
}
