import { describe, expect, it } from 'vitest'
import { Tour } from './tour'

const view = { camera: { position: [0, 0, 1] as [number, number, number], target: [0, 0, 0] as [number, number, number] } }
const stops = ['a', 'b', 'c'].map((name, i) => ({ name, view, seconds: i + 1 }))

function note<T>(log: T[], entry: T): Promise<void> {
  log.push(entry)
  return Promise.resolve()
}

describe('a tour', () => {
  it('shows every stop for its time and ends', async () => {
    const log: (string | number)[] = []
    const tour = new Tour(({ name }) => note(log, name), (seconds) => note(log, seconds))
    await tour.play(stops)
    expect(log).toEqual(['a', 1, 'b', 2, 'c', 3])
    expect(tour.store.get()).toEqual({ playing: false, at: -1 })
  })

  it('goes on behind the stop where it was stopped', async () => {
    const seen: string[] = []
    const tour: Tour = new Tour(
      ({ name }) => note(seen, name),
      () => {
        if (seen.length === 2) tour.stop()
        return Promise.resolve()
      },
    )
    await tour.play(stops)
    expect([seen, tour.store.get()]).toEqual([['a', 'b'], { playing: false, at: 1 }])
    await tour.play(stops)
    expect(seen).toEqual(['a', 'b', 'c'])
  })
})
