/** Sets of state indices as sorted, disjoint, inclusive ranges. */
import type { StateRanges } from '../viewer/types'

export type Range = readonly [number, number]

/** Sort and merge overlapping or touching ranges. */
export function normalise(ranges: StateRanges): Range[] {
  const sorted = ranges.filter(([first, last]) => last >= first).toSorted((a, b) => a[0] - b[0])
  const merged: [number, number][] = []
  for (const [first, last] of sorted) {
    const previous = merged.at(-1)
    if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last)
    else merged.push([first, last])
  }
  return merged
}

export function ofStates(states: Iterable<number>): Range[] {
  return normalise([...states].map((state) => [state, state] as const))
}

/** What is in `whole` and not in `part`. */
export function subtract(whole: StateRanges, part: StateRanges): Range[] {
  const cuts = normalise(part)
  const rest: Range[] = []
  for (const [first, last] of normalise(whole)) {
    let start = first
    for (const [cutFirst, cutLast] of cuts) {
      if (cutLast < start) continue
      if (cutFirst > last) break
      if (cutFirst > start) rest.push([start, cutFirst - 1])
      start = cutLast + 1
      if (start > last) break
    }
    if (start <= last) rest.push([start, last])
  }
  return rest
}

/** What is in both. */
export function intersect(one: StateRanges, other: StateRanges): Range[] {
  return subtract(one, subtract(one, other))
}

export function contains(ranges: StateRanges, state: number): boolean {
  return ranges.some(([first, last]) => state >= first && state <= last)
}

export function union(...sets: StateRanges[]): Range[] {
  return normalise(sets.flat())
}

export function size(ranges: StateRanges): number {
  return normalise(ranges).reduce((sum, [first, last]) => sum + last - first + 1, 0)
}
