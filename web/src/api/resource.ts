/**
 * Cached GETs for components: one request per key however many components ask, refreshed by interval
 * or by `refresh(prefix)`. Old data stay visible while new data load, and after a failed refresh.
 */
import { useCallback, useEffect, useSyncExternalStore } from 'react'

import { Problem } from './problem'

export interface Resource<T> {
  data: T | undefined
  error: Problem | undefined
  loading: boolean
  /** When `data` arrived, epoch ms. */
  at: number
}

interface Entry {
  value: Resource<unknown>
  load: (signal?: AbortSignal) => Promise<unknown>
  running: Promise<void> | null
  listeners: Set<() => void>
  stale: boolean
}

const EMPTY: Resource<never> = { data: undefined, error: undefined, loading: true, at: 0 }
const IDLE: Resource<never> = { data: undefined, error: undefined, loading: false, at: 0 }
const entries = new Map<string, Entry>()

function publish(entry: Entry, value: Resource<unknown>): void {
  entry.value = value
  for (const listener of [...entry.listeners]) listener()
}

function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, 'client', error instanceof Error ? error.message : String(error))
}

function fetchEntry(entry: Entry): Promise<void> {
  if (entry.running) {
    entry.stale = true
    return entry.running
  }
  entry.stale = false
  if (!entry.value.loading) publish(entry, { ...entry.value, loading: true })
  entry.running = entry
    .load()
    .then(
      (data) => publish(entry, { data, error: undefined, loading: false, at: Date.now() }),
      (error: unknown) => publish(entry, { ...entry.value, error: asProblem(error), loading: false }),
    )
    .finally(() => {
      entry.running = null
      if (entry.stale) void fetchEntry(entry)
    })
  return entry.running
}

/** Load again everything whose key begins with one of the prefixes and is on screen; forget the rest. */
export function refresh(...prefixes: string[]): void {
  for (const [key, entry] of entries) {
    if (!prefixes.some((prefix) => key.startsWith(prefix))) continue
    if (entry.listeners.size > 0) void fetchEntry(entry)
    else entries.delete(key)
  }
}

function entryOf(key: string, load: () => Promise<unknown>): Entry {
  let entry = entries.get(key)
  if (!entry) {
    entry = { value: EMPTY, load, running: null, listeners: new Set(), stale: false }
    entries.set(key, entry)
  }
  return entry
}

/** Begin to load what a component will ask for under this key. */
export function fetchAhead(key: string, load: () => Promise<unknown>): void {
  const entry = entryOf(key, load)
  if (entry.value.at === 0 && !entry.running) void fetchEntry(entry)
}

/** Forget everything: another person signs in. */
export function clearResources(): void {
  entries.clear()
}

/** `key` null asks for nothing. */
export function useResource<T>(
  key: string | null,
  load: () => Promise<T>,
  options: { everyMs?: number } = {},
): Resource<T> & { reload: () => void } {
  const { everyMs } = options
  const subscribe = useCallback(
    (listener: () => void) => {
      if (key === null) return () => {}
      const own = entryOf(key, load)
      own.listeners.add(listener)
      if (own.value.at === 0 && !own.running) void fetchEntry(own)
      return () => {
        own.listeners.delete(listener)
      }
    },
    // The key names the request; a new closure with the same key is the same request.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [key],
  )
  const snapshot = useCallback(
    () => (key === null ? IDLE : (entries.get(key)?.value ?? EMPTY)) as Resource<T>,
    [key],
  )
  const value = useSyncExternalStore(subscribe, snapshot)
  useEffect(() => {
    if (key === null || !everyMs) return
    const timer = setInterval(() => {
      const entry = entries.get(key)
      if (entry && document.visibilityState !== 'hidden') void fetchEntry(entry)
    }, everyMs)
    return () => clearInterval(timer)
  }, [key, everyMs])
  const reload = useCallback(() => {
    const entry = key === null ? undefined : entries.get(key)
    if (entry) void fetchEntry(entry)
  }, [key])
  return { ...value, reload }
}
