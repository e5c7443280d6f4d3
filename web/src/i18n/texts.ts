/** The same keys with any texts: what a language must give for another one. */
export type Texts<T> = { [K in keyof T]: T[K] extends string ? string : Texts<T[K]> }
