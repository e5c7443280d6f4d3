import type { FeatureTable } from './feature-table'

/** Columns of a far view that stand in a file beside it: `gid`, `name`, `storey`, a text for each of its objects. */
type Columns = Record<string, readonly string[]>

interface Wanted {
  url: string
  tables: readonly FeatureTable[]
  abort: AbortController
  /** Whether a picture with the tile was drawn. */
  drawn: boolean
}

/**
 * Names of the objects of far views. They are a third of the bytes of such a tile and more, and no picture needs them: they are asked
 * for once one with the tile is there to be seen.
 */
export class LateNames<Tile extends object> {
  private readonly due = new Map<Tile, Wanted>()
  private readonly asked = new Map<Tile, Wanted>()
  private readonly failed = new Map<Tile, Wanted>()

  constructor(
    private readonly headers: Record<string, string>,
    private readonly onError: (message: string, url: string) => void,
    private readonly load: typeof fetch = (...request) => fetch(...request),
  ) {}

  /** A tile came whose names stand at `url`; they are those of its tables. */
  add(tile: Tile, url: string, tables: readonly FeatureTable[]): void {
    for (const table of tables) table.named = false
    this.due.set(tile, { url, tables, abort: new AbortController(), drawn: false })
  }

  /** The tile is gone. */
  drop(tile: Tile): void {
    for (const wanted of [this.due, this.asked, this.failed]) {
      wanted.get(tile)?.abort.abort()
      wanted.delete(tile)
    }
  }

  /** Names still to come; those that failed are not. */
  get pending(): number {
    return this.due.size + this.asked.size
  }

  /** A picture was drawn with the tiles that are there. */
  drawn(): void {
    for (const wanted of this.due.values()) wanted.drawn = true
  }

  /** That picture is there to be seen: ask for the names of what is in it. */
  ask(): void {
    for (const [tile, wanted] of this.due) {
      if (!wanted.drawn) continue
      this.due.delete(tile)
      this.asked.set(tile, wanted)
      void this.fetch(tile, wanted)
    }
  }

  /** Ask again for what failed. */
  retry(): void {
    for (const [tile, wanted] of this.failed) this.due.set(tile, wanted)
    this.failed.clear()
  }

  private async fetch(tile: Tile, wanted: Wanted): Promise<void> {
    const { url, tables, abort } = wanted
    try {
      const answer = await this.load(url, { headers: this.headers, credentials: 'same-origin', priority: 'low', signal: abort.signal })
      if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`)
      const columns = (await answer.json()) as Columns
      for (const table of tables) table.know(columns)
    } catch (error) {
      if (abort.signal.aborted) return
      this.failed.set(tile, wanted)
      this.onError(error instanceof Error ? error.message : String(error), url)
    }
    this.asked.delete(tile)
  }
}
