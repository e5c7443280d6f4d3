import { describe, expect, it } from 'vitest'
import { REST_MS, Strain } from './strain'

/** `frames` of movement, `every` milliseconds apart, from `start`. */
function move(strain: Strain, frames: number, every: number, start = 0): number {
  for (let i = 0; i < frames; i++) strain.move(start + i * every)
  return start + frames * every
}

describe('strain', () => {
  it('asks for all that quick frames leave room for', () => {
    const strain = new Strain()
    move(strain, 60, 16)
    expect(strain.factor).toBe(1)
  })

  it('coarsens while movement is slow, up to a limit, and comes back when it is quick or at rest', () => {
    const strain = new Strain()
    const end = move(strain, 8, 120)
    const some = strain.factor
    expect(some).toBeGreaterThan(1)
    const later = move(strain, 60, 120, end)
    expect(strain.factor).toBe(3)
    move(strain, 60, 16, later)
    expect(strain.factor).toBe(1)
    move(strain, 20, 120, later + 5000)
    expect(strain.moving).toBe(true)
    const stood = later + 5000 + 19 * 120
    strain.stand(stood)
    strain.stand(stood + REST_MS)
    expect(strain.moving).toBe(true)
    strain.stand(stood + REST_MS + 1)
    expect(strain.factor).toBe(1)
  })

  it('takes a few jumps for no movement', () => {
    const strain = new Strain()
    move(strain, 5, 200)
    expect(strain.factor).toBe(1)
  })

  it('takes a pause between two moves for no slow frame', () => {
    const strain = new Strain()
    for (let i = 0; i < 10; i++) {
      strain.move(i * 1000)
      strain.stand(i * 1000 + 20)
    }
    expect(strain.factor).toBe(1)
  })

  it('takes a frame that came very late for no pause', () => {
    const strain = new Strain()
    // One step stands between two moves, as where a hand moves less often than frames could come.
    for (let i = 0; i < 10; i++) {
      strain.move(i * 1500)
      strain.stand(i * 1500 + 1450)
    }
    expect(strain.moving).toBe(true)
  })

  it('takes pixels away after the lines, and gives both back at rest alone', () => {
    const strain = new Strain()
    move(strain, 7, 120)
    expect([strain.moving, strain.sharpness]).toEqual([true, 1])
    move(strain, 4, 120, 7 * 120)
    expect(strain.sharpness).toBeLessThan(1)
    move(strain, 60, 16, 11 * 120)
    expect([strain.factor, strain.moving]).toEqual([1, true])
    expect(strain.sharpness).toBeLessThan(1)
    strain.stand(1e6)
    strain.stand(1e6 + REST_MS + 1)
    expect([strain.moving, strain.sharpness]).toEqual([false, 1])
  })

  it('coarsens while the cache is full and keeps it until there is room', () => {
    const strain = new Strain()
    for (let i = 0; i < 3; i++) strain.fill(1)
    const full = strain.factor
    expect(full).toBeCloseTo(1.2 ** 3)
    strain.fill(0.8)
    expect(strain.factor).toBe(full)
    for (let i = 0; i < 10; i++) strain.fill(0.5)
    expect(strain.factor).toBe(1)
    for (let i = 0; i < 100; i++) strain.fill(2)
    expect(strain.factor).toBe(8)
  })

  it('tells why', () => {
    const strain = new Strain()
    expect(strain.state).toEqual({ factor: 1, memory: 1, frames: 1 })
    for (let i = 0; i < 100; i++) strain.fill(1)
    move(strain, 60, 120)
    expect(strain.state).toEqual({ factor: 24, memory: 8, frames: 3 })
  })
})
