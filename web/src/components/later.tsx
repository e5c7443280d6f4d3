/** Code that comes when it is wanted: what is not on the first picture does not weigh on it. */
import { useEffect, useRef, useState } from 'react'
import type { ComponentType } from 'react'

import { useToast } from './toast'

/** What `load` gives, once it was `wanted`; null before. A failure is told, and the next wish tries again. */
export function useLater<T>(load: () => Promise<T>, wanted: boolean, onFail: (reason: unknown) => void): T | null {
  const [found, setFound] = useState<{ it: T } | null>(null)
  const given = useRef({ load, onFail })
  given.current = { load, onFail }
  useEffect(() => {
    if (!wanted || found) return
    let over = false
    given.current.load().then(
      (it) => {
        if (!over) setFound({ it })
      },
      (reason: unknown) => {
        if (!over) given.current.onFail(reason)
      },
    )
    return () => {
      over = true
    }
  }, [wanted, found])
  return found?.it ?? null
}

/** A dialog or drawer whose code comes when it is first opened, or when the page has nothing else to do. */
export function onFirstOpen<P extends { open: boolean }>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  return function Later(properties: P) {
    const { problem } = useToast()
    const Loaded = useLater(load, properties.open, problem)
    useFetchWhenIdle(load)
    return Loaded ? <Loaded {...properties} /> : null
  }
}

/** By then the first picture stands. */
const REST_MS = 4000

/** Fetch ahead of the first wish, so that it is met at once. */
export function useFetchWhenIdle(load: () => Promise<unknown>): void {
  const given = useRef(load)
  useEffect(() => {
    const timer = setTimeout(() => given.current().catch(() => undefined), REST_MS)
    return () => clearTimeout(timer)
  }, [])
}
