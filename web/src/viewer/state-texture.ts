import { DataTexture, NearestFilter, NoColorSpace, RGBAFormat, UnsignedByteType } from 'three'
import { ROW } from './state-flags'
import type { StateStore } from './state-store'

function byteTexture(data: Uint8Array<ArrayBuffer>, rows: number): DataTexture {
  const texture = new DataTexture(data, ROW, rows, RGBAFormat, UnsignedByteType)
  texture.colorSpace = NoColorSpace
  texture.minFilter = texture.magFilter = NearestFilter
  texture.generateMipmaps = false
  texture.needsUpdate = true
  return texture
}

/** The store's bytes on the graphics card; only changed rows travel, once a frame. */
export class StateTexture {
  readonly texture: DataTexture
  /** The second texels: pane mask, level, fade. */
  readonly extra: DataTexture
  /** Milliseconds that the last preparation of an upload took. */
  ms = 0
  private uploaded = false

  constructor(private readonly store: StateStore) {
    this.texture = byteTexture(store.data, store.rows)
    this.extra = byteTexture(store.extraData, store.rows)
    this.texture.onUpdate = () => (this.uploaded = true)
    store.takeDirty()
    store.takeExtra()
  }

  /** After a lost context nothing is on the card any more: the next upload is whole. */
  reset(): void {
    this.uploaded = false
    this.texture.clearUpdateRanges()
    this.texture.needsUpdate = true
    this.extra.needsUpdate = true
  }

  /** Hand the changed rows to the next frame. Returns whether there were any. */
  update(): boolean {
    // Levels and fades change seldom: their texture travels whole.
    const extra = this.store.takeExtra()
    if (extra) this.extra.needsUpdate = true
    const runs = this.store.takeDirty()
    if (!runs.length) return extra
    const started = performance.now()
    // three.js uploads each range as one row of texels, so a run of rows is given row by row.
    let changed = 0
    for (const { first, last } of runs) changed += last - first + 1
    // The first upload must be whole: three.js would otherwise send the changed rows alone.
    if (this.uploaded && changed < this.store.rows / 2) {
      for (const { first, last } of runs)
        for (let row = first; row <= last; row++) this.texture.addUpdateRange(row * ROW * 4, ROW * 4)
    } else this.texture.clearUpdateRanges()
    this.texture.needsUpdate = true
    this.ms = performance.now() - started
    return true
  }

  get extraData(): Uint8Array {
    return this.store.extraData
  }

  dispose(): void {
    this.texture.dispose()
    this.extra.dispose()
  }
}
