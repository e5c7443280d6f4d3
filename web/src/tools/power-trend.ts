/** Sum of several histories with the same buckets. */
import type { PointHistory } from '../api/types'

export const TREND_MINUTES = 60

/** Epoch ms and value. */
export type TrendPoint = readonly [number, number]

/** Buckets a silent meter keeps its last value: meters that report changes only are silent while nothing changes. */
const KEEP_BUCKETS = 5

/**
 * Add the means bucket by bucket. A bucket counts only when every meter has a value, its own or a recent
 * one: a meter that is missing would read as a drop of the sum.
 */
export function sumHistories(histories: readonly PointHistory[]): TrendPoint[] {
  const width = bucketWidth(histories)
  const meters = histories
    .map((history) => {
      const means = new Map<number, number>()
      history.t.forEach((at, index) => {
        const mean = history.mean[index]
        if (mean !== null && mean !== undefined) means.set(Math.floor(at / width), mean)
      })
      return means
    })
    .filter((means) => means.size > 0)
  const buckets = [...new Set(meters.flatMap((means) => [...means.keys()]))].sort((a, b) => a - b)
  const last = meters.map(() => ({ bucket: Number.NEGATIVE_INFINITY, value: 0 }))
  const sums: TrendPoint[] = []
  for (const bucket of buckets) {
    let sum = 0
    let whole = true
    meters.forEach((means, meter) => {
      const known = last[meter]
      const mean = means.get(bucket)
      if (!known) return
      if (mean !== undefined) Object.assign(known, { bucket, value: mean })
      if (bucket - known.bucket > KEEP_BUCKETS) whole = false
      sum += known.value
    })
    if (whole) sums.push([bucket * width, sum])
  }
  return sums
}

function bucketWidth(histories: readonly PointHistory[]): number {
  const gaps = histories.flatMap((history) => history.t.slice(1).map((at, index) => at - (history.t[index] ?? at)))
  const positive = gaps.filter((gap) => gap > 0)
  return positive.length > 0 ? Math.max(1000, Math.min(...positive)) : 60_000
}
