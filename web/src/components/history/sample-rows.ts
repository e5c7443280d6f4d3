/** Choosing a run of samples: by click, by Shift, by keys. */

/** Rows from `anchor` to `row`, either way round. */
export interface Chosen {
  anchor: number
  row: number
}

export function bounds({ anchor, row }: Chosen): [number, number] {
  return [Math.min(anchor, row), Math.max(anchor, row)]
}

/** What a key chooses; null where the key does nothing. Ctrl+A chooses all. */
export function chosenByKey(key: string, shift: boolean, control: boolean, before: Chosen | null, count: number): Chosen | null {
  if (count === 0) return null
  if (control) return key.toLowerCase() === 'a' ? { anchor: 0, row: count - 1 } : null
  const row = before?.row ?? -1
  const next = { ArrowDown: row + 1, ArrowUp: row - 1, PageDown: row + 10, PageUp: row - 10, Home: 0, End: count - 1 }[key]
  if (next === undefined) return null
  const to = Math.max(0, Math.min(count - 1, next))
  return { anchor: shift ? (before?.anchor ?? to) : to, row: to }
}
