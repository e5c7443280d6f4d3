/** A long list of which only the pages that are looked at are fetched. Knows no React; told what is visible. */
import type { DevicePage, DeviceRow } from '../../api/devices'

export const PAGE = 200
/** Pages kept beside those in sight; others are fetched again when they are scrolled to. */
const KEPT = 20

type Load = (offset: number, limit: number, signal: AbortSignal) => Promise<DevicePage>

export class DeviceWindow {
  total: number | null = null
  counts: DevicePage['counts'] | null = null
  error: Error | null = null
  readonly #pages = new Map<number, DeviceRow[]>()
  readonly #asked = new Set<number>()
  #abort = new AbortController()
  readonly #load: Load
  readonly #changed: () => void
  #first = 0
  #last = 0

  constructor(load: Load, changed: () => void) {
    this.#load = load
    this.#changed = changed
  }

  row(index: number): DeviceRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE]
  }

  /** Rows first … last are in sight: fetch the pages of these that are not there. */
  see(first: number, last: number): void {
    this.#first = Math.floor(first / PAGE)
    this.#last = Math.floor(Math.max(first, last) / PAGE)
    for (let page = this.#first; page <= this.#last; page++) if (!this.#pages.has(page)) void this.#fetch(page)
  }

  /** Fetch anew what is in sight, and forget the rest. */
  async refresh(): Promise<void> {
    for (const page of [...this.#pages.keys()]) if (page < this.#first || page > this.#last) this.#pages.delete(page)
    const pages = Array.from({ length: this.#last - this.#first + 1 }, (_, index) => this.#first + index)
    await Promise.all(pages.map((page) => this.#fetch(page)))
  }

  /** Begin, or begin again after `close`. */
  open(): void {
    if (this.#abort.signal.aborted) this.#abort = new AbortController()
    this.#asked.clear()
    this.see(0, 0)
  }

  close(): void {
    this.#abort.abort()
  }

  async #fetch(page: number): Promise<void> {
    if (this.#asked.has(page) || (this.total !== null && page > 0 && page * PAGE >= this.total)) return
    this.#asked.add(page)
    const { signal } = this.#abort
    try {
      const found = await this.#load(page * PAGE, PAGE, signal)
      if (signal.aborted) return
      this.total = found.total
      this.counts = found.counts
      this.error = null
      this.#pages.set(page, found.items)
      this.#trim()
    } catch (error) {
      if (signal.aborted) return
      this.error = error instanceof Error ? error : new Error(String(error))
    } finally {
      if (!signal.aborted) {
        this.#asked.delete(page)
        this.#changed()
      }
    }
  }

  #trim(): void {
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= KEPT) return
      if (page < this.#first || page > this.#last) this.#pages.delete(page)
    }
  }
}
