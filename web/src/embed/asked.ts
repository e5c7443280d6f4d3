import type { Viewer } from '../viewer/types'
import type { Place } from './park-server'

/** What the page asked for, by gid: where an object stands in the state table changes with every version, its gid does not. */
export class Asked {
  private selected: readonly string[] = []
  private isolated: readonly string[] | null = null
  /** In the order of asking: the later word counts where gids overlap. null: the objects' own colours. */
  private readonly colours = new Map<string, number | null>()

  select(gids: readonly string[]): void {
    this.selected = gids
  }

  isolate(gids: readonly string[] | null): void {
    this.isolated = gids
  }

  colour(gid: string, colour: number | null): void {
    this.colours.delete(gid)
    this.colours.set(gid, colour)
  }

  clearColours(): void {
    this.colours.clear()
  }

  /** All that is to be found again in another scene. */
  get gids(): ReadonlySet<string> {
    return new Set([...this.selected, ...(this.isolated ?? []), ...this.colours.keys()])
  }

  /** Forget what another scene does not have. Isolation of nothing but that ends. */
  drop(gone: ReadonlySet<string>): void {
    if (!gone.size) return
    const there = (gid: string) => !gone.has(gid)
    this.selected = this.selected.filter(there)
    const isolated = this.isolated?.filter(there) ?? null
    this.isolated = isolated?.length || !this.isolated?.length ? isolated : null
    for (const gid of gone) this.colours.delete(gid)
  }

  /** Write it into the state table of a scene; `places` are those of the scene, of all gids. */
  apply(viewer: Viewer, places: ReadonlyMap<string, Place>): void {
    const ranges = (gids: readonly string[]) => gids.flatMap((gid) => places.get(gid)?.states ?? [])
    for (const [gid, colour] of this.colours) viewer.state.colorRanges(ranges([gid]), colour)
    viewer.state.isolate(this.isolated && ranges(this.isolated))
    viewer.select(expand(ranges(this.selected)))
  }
}

/** Every index of inclusive ranges. */
export function expand(ranges: Place['states']): number[] {
  const out: number[] = []
  for (const [first, last] of ranges) for (let state = first; state <= last; state++) out.push(state)
  return out
}
