import { describe, expect, it } from 'vitest'

import { convergence, toGlobe, toPark } from './geodesy'

const WUHAN = { longitude: 114.3, latitude: 30.6, height: 20 }

describe('the park frame', () => {
  it('agrees with PROJ', () => {
    // +proj=cart +ellps=WGS84, then +proj=topocentric at 114.3, 30.6, 20: PROJ 9.5.
    const [x, y, z] = toPark(WUHAN, { longitude: 114.35, latitude: 30.62, height: 45 })
    expect(x).toBeCloseTo(4794.0768469, 6)
    expect(y).toBeCloseTo(2218.3362046, 6)
    expect(z).toBeCloseTo(22.8125035, 6)
  })

  it('comes back', () => {
    for (const origin of [WUHAN, { longitude: -71, latitude: -42, height: 3 }, { longitude: 0, latitude: 0, height: 0 }]) {
      const there = { longitude: origin.longitude + 0.07, latitude: origin.latitude - 0.03, height: 120 }
      const back = toGlobe(origin, toPark(origin, there))
      expect(back.longitude).toBeCloseTo(there.longitude, 11)
      expect(back.latitude).toBeCloseTo(there.latitude, 11)
      expect(back.height).toBeCloseTo(there.height, 6)
    }
  })

  it('counts the meridians', () => {
    expect(convergence(WUHAN, WUHAN)).toBeCloseTo(0, 6)
    // Δλ · sin φ, the textbook's first term.
    expect(convergence(WUHAN, { ...WUHAN, longitude: 114.35 })).toBeCloseTo(0.05 * Math.sin((30.6 * Math.PI) / 180), 5)
    const south = { longitude: 20, latitude: -33, height: 0 }
    expect(convergence(south, { ...south, longitude: 20.05 })).toBeCloseTo(0.05 * Math.sin((-33 * Math.PI) / 180), 5)
  })
})
