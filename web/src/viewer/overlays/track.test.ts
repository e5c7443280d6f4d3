import { describe, expect, it } from 'vitest'
import { checkTrack, placeAt, span } from './track'
import type { Track } from './track'

const track: Track = { id: 'van', color: 0, times: [1000, 2000, 4000], points: [[0, 0, 0], [10, 0, 2], [10, 20, 2]] }

describe('a track', () => {
  it('is between its points in time and place, looking where it goes', () => {
    expect(placeAt(track, 1500)).toEqual({ position: [5, 0, 1], heading: Math.PI / 2 })
    expect(placeAt(track, 3000)).toEqual({ position: [10, 10, 2], heading: 0 })
    expect(placeAt(track, 4000)).toEqual({ position: [10, 20, 2], heading: null })
  })

  it('is nowhere before and after', () => {
    expect([placeAt(track, 999), placeAt(track, 4001)]).toEqual([null, null])
    expect(span([track, { ...track, times: [500, 600, 700] }])).toEqual([500, 4000])
  })

  it('is refused where it makes no sense', () => {
    expect(() => checkTrack({ ...track, times: [1, 2] })).toThrow('2 times and 3 points')
    expect(() => checkTrack({ ...track, times: [1, 3, 2] })).toThrow('do not rise')
  })
})
