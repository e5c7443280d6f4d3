/** A small observable record: get, set a part, subscribe. `useStore` reads a part of it in React. */
import { useRef, useSyncExternalStore } from 'react'

export interface Store<T extends object> {
  get: () => T
  set: (part: Partial<T> | ((before: T) => Partial<T>)) => void
  subscribe: (listener: () => void) => () => void
}

export function createStore<T extends object>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set: (part) => {
      const change = typeof part === 'function' ? part(value) : part
      const keys = Object.keys(change) as (keyof T)[]
      if (keys.every((key) => Object.is(value[key], change[key]))) return
      value = { ...value, ...change }
      for (const listener of [...listeners]) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The selector must give primitives or parts that keep their identity. */
export function useStore<T extends object, R>(store: Store<T>, select: (value: T) => R): R {
  const chosen = useRef(select)
  chosen.current = select
  return useSyncExternalStore(store.subscribe, () => chosen.current(store.get()))
}
