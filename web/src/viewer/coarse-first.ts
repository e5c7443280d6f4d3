/** What we use of a 3d-tiles-renderer's tile and of the renderer; pinned by version. */
interface Root {
  refine?: string
  content?: unknown
  children?: readonly unknown[]
  traversal?: { used: boolean; active: boolean }
}

interface Renderer {
  readonly root: unknown
  /** Tiles this deep and deeper are neither drawn nor loaded. */
  maxDepth: number
}

/**
 * Nothing finer is asked for until the tile that shows all of a tileset has been drawn: finer tiles at the same time would only put
 * the first picture off, by their bytes on a slow line and by their decoding on a slow machine.
 */
export class CoarseFirst {
  private closed = false

  constructor(private readonly tiles: Renderer) {}

  /** The tileset is known; `replaced` says whether its root may stand for all below. */
  begin(replaced: boolean): void {
    const root = this.root
    if (replaced && root?.refine === 'REPLACE' && root.content && root.children?.length) {
      this.closed = true
      this.tiles.maxDepth = 1
    }
  }

  /** Whether tiles are held back that the picture may need: not while all of the tileset is off it. */
  get holding(): boolean {
    return this.closed && (this.root?.traversal?.used ?? true)
  }

  /** A picture was drawn; whether finer tiles are due now. */
  drawn(): boolean {
    return this.root?.traversal?.active === true && this.end()
  }

  /** Wait no longer; whether it did. */
  end(): boolean {
    const was = this.closed
    this.closed = false
    if (was) this.tiles.maxDepth = Infinity
    return was
  }

  private get root(): Root | null {
    return this.tiles.root as Root | null
  }
}
