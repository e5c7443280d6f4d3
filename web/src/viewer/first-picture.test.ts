import { describe, expect, it } from 'vitest'
import { FirstPicture } from './first-picture'

describe('FirstPicture', () => {
  it('waits a while, and shows the empty stage then', () => {
    let now = 1000
    const first = new FirstPicture(
      () => undefined,
      () => now,
    )
    expect(first.awaited()).toBe(true)
    now = 1399
    expect(first.awaited()).toBe(true)
    now = 1400
    expect(first.awaited()).toBe(false)
  })

  it('makes ready once, and not where there is no wait', () => {
    let now = 0
    let prepared = 0
    const first = new FirstPicture(
      () => prepared++,
      () => now,
    )
    first.awaited()
    first.awaited()
    expect(prepared).toBe(1)
    const late = new FirstPicture(
      () => prepared++,
      () => now,
    )
    now = 500
    late.awaited()
    expect(prepared).toBe(1)
  })
})
