/** Small checks of values that come from other pages. A check gives the value back, typed, or throws naming place, value and what was expected. */
export type Check<T> = (value: unknown, place: string) => T

/** A message or attribute that cannot be used. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

function refuse(place: string, value: unknown, expected: string): never {
  let shown = String(value)
  try {
    shown = JSON.stringify(value) ?? shown
  } catch {
    // What cannot be written as JSON is named by its kind.
  }
  throw new Refused('bad-message', `${place} is ${shown.slice(0, 80)}: expected ${expected}.`)
}

export function text(limit = 300): Check<string> {
  return (value, place) => (typeof value === 'string' && value.length <= limit ? value : refuse(place, value, `a text of at most ${limit} signs`))
}

export function number(low: number, high: number): Check<number> {
  return (value, place) =>
    typeof value === 'number' && value >= low && value <= high ? value : refuse(place, value, `a number from ${low} to ${high}`)
}

export function oneOf<const T extends string>(...words: T[]): Check<T> {
  return (value, place) => (words.includes(value as T) ? (value as T) : refuse(place, value, `one of ${words.join(', ')}`))
}

export function list<T>(each: Check<T>, limit: number): Check<T[]> {
  return (value, place) => {
    if (!Array.isArray(value) || value.length > limit) refuse(place, value, `a list of at most ${limit}`)
    return (value as unknown[]).map((item, i) => each(item, `${place}[${i}]`))
  }
}

/** A list of exactly these. */
export function tuple<T extends number[]>(length: T['length'], each: Check<number>): Check<T> {
  return (value, place) => {
    if (!Array.isArray(value) || value.length !== length) refuse(place, value, `${length} numbers`)
    return (value as unknown[]).map((item, i) => each(item, `${place}[${i}]`)) as T
  }
}

export function nullable<T>(check: Check<T>): Check<T | null> {
  return (value, place) => (value === null ? null : check(value, place))
}

export function maybe<T>(check: Check<T>): Check<T | undefined> {
  return (value, place) => (value === undefined ? undefined : check(value, place))
}

/** The first that takes the value; `expected` says what all of them take. */
export function either<A, B>(a: Check<A>, b: Check<B>, expected: string): Check<A | B> {
  return (value, place) => {
    for (const check of [a, b] as Check<A | B>[]) {
      try {
        return check(value, place)
      } catch (error) {
        if (!(error instanceof Refused)) throw error
      }
    }
    return refuse(place, value, expected)
  }
}

export function record<T>(each: Check<T>, limit: number): Check<Record<string, T>> {
  return (value, place) => {
    if (!isObject(value) || Object.keys(value).length > limit) refuse(place, value, `an object of at most ${limit} members`)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, each(item, `${place}.${key}`)]))
  }
}

/** An object with these members and no others: a misspelt one is noticed. */
export function object<T extends object>(members: { [K in keyof T]-?: Check<T[K]> }): Check<T> {
  const known = Object.keys(members)
  return (value, place) => {
    if (!isObject(value)) refuse(place, value, `an object with ${known.join(', ') || 'no members'}`)
    const extra = Object.keys(value).find((key) => !known.includes(key))
    if (extra !== undefined) throw new Refused('bad-message', `${place} has a member ${extra}: expected ${known.join(', ') || 'none'}.`)
    const out: Record<string, unknown> = {}
    for (const [key, check] of Object.entries<Check<unknown>>(members)) {
      const found = check((value as Record<string, unknown>)[key], `${place}.${key}`)
      if (found !== undefined) out[key] = found
    }
    return out as T
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
