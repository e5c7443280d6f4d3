/** Frames for a reader that takes its time: what waits is merged, so that it holds one row per point at most. */
import type { LiveFrame } from './types'

interface Row {
  value: number | null
  quality: number
  changedAt: number
  heardAt: number
}

export class Pending {
  private rows = new Map<number, Row>()
  private head: LiveFrame | null = null

  put(frame: LiveFrame): void {
    if (frame.type === 'snapshot') this.rows.clear()
    for (let row = 0; row < frame.points.length; row++) {
      this.rows.set(frame.points[row] as number, {
        value: frame.values[row] ?? null,
        quality: frame.quality[row] as number,
        changedAt: frame.changed_at[row] as number,
        heardAt: frame.heard_at[row] as number,
      })
    }
    const type = frame.type === 'snapshot' || this.head?.type === 'snapshot' ? 'snapshot' : 'delta'
    this.head = { ...frame, type }
  }

  /** What waits as one frame; null where nothing does. */
  take(): LiveFrame | null {
    const { head } = this
    if (!head) return null
    const rows = [...this.rows.values()]
    const frame: LiveFrame = {
      ...head,
      points: Uint32Array.from(this.rows.keys()),
      values: rows.map((row) => row.value),
      quality: Uint8Array.from(rows, (row) => row.quality),
      changed_at: Float64Array.from(rows, (row) => row.changedAt),
      heard_at: Float64Array.from(rows, (row) => row.heardAt),
    }
    this.head = null
    this.rows = new Map()
    return frame
  }
}
