/** Sum of several histories with the same buckets. */
import type { PointHistory } from '../api/types'

export const TREND_MINUTES = 60

/** Epoch ms and value. */
export type TrendPoint = readonly [number, number]

/**
 * Add the means bucket by bucket. A bucket counts only where most of the meters have a value, so that
 * a meter that was silent does not read as a drop of the sum.
 */
export function sumHistories(histories: readonly PointHistory[]): TrendPoint[] {
  const sums = new Map<number, { sum: number; count: number }>()
  const width = bucketWidth(histories)
  for (const history of histories) {
    history.t.forEach((at, index) => {
      const mean = history.mean[index]
      if (mean === null || mean === undefined) return
      const bucket = Math.floor(at / width) * width
      const entry = sums.get(bucket) ?? { sum: 0, count: 0 }
      entry.sum += mean
      entry.count++
      sums.set(bucket, entry)
    })
  }
  const most = Math.max(0, ...[...sums.values()].map((entry) => entry.count))
  return [...sums]
    .filter(([, entry]) => entry.count >= 0.8 * most)
    .map(([at, entry]): TrendPoint => [at, (entry.sum / entry.count) * most])
    .sort((a, b) => a[0] - b[0])
}

function bucketWidth(histories: readonly PointHistory[]): number {
  const gaps = histories.flatMap((history) => history.t.slice(1).map((at, index) => at - (history.t[index] ?? at)))
  const positive = gaps.filter((gap) => gap > 0)
  return positive.length > 0 ? Math.max(1000, Math.min(...positive)) : 60_000
}
