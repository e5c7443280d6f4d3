import { PriorityQueue } from '3d-tiles-renderer/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { PromptQueue } from './prompt-queue'

afterEach(() => vi.unstubAllGlobals())

/** A queue of which `hurry.now` says whether it hurries, the frames it asked for, and what it did. */
function queue() {
  const frames: (() => void)[] = []
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run))
  const like = new PriorityQueue()
  like.maxJobs = 2
  like.priorityCallback = (a: number, b: number) => a - b
  const hurry = { now: true }
  const done: number[] = []
  const made = new PromptQueue(like, () => hurry.now)
  const add = (...items: number[]) => items.map((item) => made.add(item, () => done.push(item)))
  return { made, add, hurry, frames, done }
}

describe('PromptQueue', () => {
  it('begins at once, in the order of the queue it is like', async () => {
    const { made, add, frames, done } = queue()
    await Promise.all(add(1, 3, 2))
    expect([made.maxJobs, done, frames.length]).toEqual([2, [3, 2, 1], 0])
  })

  it('waits for the frame where nothing hurries', async () => {
    const { add, hurry, frames, done } = queue()
    hurry.now = false
    const added = add(1)
    await Promise.resolve()
    expect([done, frames.length]).toEqual([[], 1])
    frames[0]?.()
    await Promise.all(added)
    expect(done).toEqual([1])
  })
})
