/** A binary frame of `docs/reference/live.md` as views on its buffer: nothing is parsed or copied. */
import type { LiveFrame } from './types'

const VERSION = 1
const HEAD_BYTES = 32
const POINT_BYTES = 29
const SNAPSHOT = 1
const PAST = 1

export function frameOf(buffer: ArrayBuffer): LiveFrame {
  const head = new DataView(buffer)
  const count = buffer.byteLength >= HEAD_BYTES ? head.getUint32(24, true) : -1
  if (head.byteLength === 0 || head.getUint8(0) !== VERSION || buffer.byteLength !== HEAD_BYTES + POINT_BYTES * count) {
    throw new Error(`A message of ${buffer.byteLength} bytes is no live frame of version ${VERSION}`)
  }
  return {
    type: head.getUint8(1) === SNAPSHOT ? 'snapshot' : 'delta',
    past: (head.getUint8(2) & PAST) !== 0,
    id: head.getUint32(4, true),
    seq: head.getFloat64(8, true),
    time: head.getFloat64(16, true),
    values: new Float64Array(buffer, HEAD_BYTES, count),
    changed_at: new Float64Array(buffer, HEAD_BYTES + 8 * count, count),
    heard_at: new Float64Array(buffer, HEAD_BYTES + 16 * count, count),
    points: new Uint32Array(buffer, HEAD_BYTES + 24 * count, count),
    quality: new Uint8Array(buffer, HEAD_BYTES + 28 * count, count),
  }
}
