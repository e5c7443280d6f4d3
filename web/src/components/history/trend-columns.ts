/** A point's curve as columns of the chart: a break where nothing was sampled, marks where samples are bad or corrected. */
import type uPlot from 'uplot'

import type { PointPlot } from '../../api/types'

type Row = [seconds: number, value: number | null, bad: number | null, corrected: number | null]

/** The last value at or before an instant, or the first one; null without any. */
function valueAt(plot: PointPlot, at: number): number | null {
  let low = 0
  let high = plot.t.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((plot.t[middle] ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return plot.value[Math.max(0, low - 1)] ?? null
}

/** Times in seconds, the curve, marks of bad and of corrected samples (null where there is none); null without a curve. */
export function trendColumns(plot: PointPlot): uPlot.AlignedData | null {
  if (plot.t.length < 2) return null
  const rows = new Map<number, Row>()
  const row = (at: number): Row => {
    const found = rows.get(at) ?? [at / 1000, null, null, null]
    rows.set(at, found)
    return found
  }
  plot.t.forEach((at, index) => {
    row(at)[1] = plot.value[index] ?? null
  })
  for (const at of plot.bad) row(at)[2] = valueAt(plot, at)
  for (const at of plot.corrected) row(at)[3] = valueAt(plot, at)
  for (const [from, to] of plot.gaps) row((from + to) / 2)
  const broken = new Set(plot.gaps.map(([from, to]) => (from + to) / 2))
  const sorted = [...rows].sort(([a], [b]) => a - b)
  return [
    sorted.map(([, one]) => one[0]),
    // undefined: no sample here, the line goes on; null: a gap, it breaks.
    sorted.map(([at, one]) => one[1] ?? (broken.has(at) ? null : undefined)),
    sorted.map(([, one]) => one[2]),
    sorted.map(([, one]) => one[3]),
  ]
}

/** What is drawn nearest to a row: its time (epoch ms), value, and whether it is marked. Null in a gap. */
export function readRow(columns: uPlot.AlignedData, row: number): { at: number; value: number; bad: boolean; corrected: boolean } | null {
  const [times, values, bad, corrected] = columns
  const at = times[row]
  const marked = bad?.[row] ?? corrected?.[row]
  const value = values?.[row] ?? marked
  if (at === undefined || typeof value !== 'number') return null
  return { at: at * 1000, value, bad: typeof bad?.[row] === 'number', corrected: typeof corrected?.[row] === 'number' }
}
