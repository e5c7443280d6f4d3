import { Box3, Vector3, Vector4 } from 'three'
import { describe, expect, it } from 'vitest'
import { isCut, rayBox, rayTriangle } from './ray-geometry'

const v = (x: number, y: number, z: number) => new Vector3(x, y, z)

describe('ray geometry', () => {
  it('meets a box where it enters it, 0 from inside, never from behind', () => {
    const box = new Box3(v(1, -1, -1), v(3, 1, 1))
    expect(rayBox(v(0, 0, 0), v(1, 0, 0), box)).toBe(1)
    expect(rayBox(v(2, 0, 0), v(1, 0, 0), box)).toBe(0)
    expect(rayBox(v(5, 0, 0), v(1, 0, 0), box)).toBe(Infinity)
    expect(rayBox(v(0, 2, 0), v(1, 0, 0), box)).toBe(Infinity)
  })

  it('meets a triangle and tells front from back', () => {
    const out = { facing: 0 }
    const [a, b, c] = [v(0, 0, 0), v(2, 0, 0), v(0, 2, 0)]
    expect(rayTriangle(v(0.5, 0.5, 3), v(0, 0, -1), a, b, c, out)).toBeCloseTo(3)
    expect(out.facing).toBeGreaterThan(0)
    expect(rayTriangle(v(0.5, 0.5, -3), v(0, 0, 1), a, b, c, out)).toBeCloseTo(3)
    expect(out.facing).toBeLessThan(0)
    expect(rayTriangle(v(1.5, 1.5, 3), v(0, 0, -1), a, b, c, out)).toBe(Infinity)
    expect(rayTriangle(v(0.5, 0.5, 3), v(0, 0, 1), a, b, c, out)).toBe(Infinity)
    expect(rayTriangle(v(0.5, 0.5, 3), v(1, 0, 0), a, b, c, out)).toBe(Infinity)
  })

  it('counts t in lengths of the direction', () => {
    expect(rayTriangle(v(0.2, 0.2, 3), v(0, 0, -2), v(0, 0, 0), v(2, 0, 0), v(0, 2, 0), { facing: 0 })).toBeCloseTo(1.5)
  })

  it('cuts beyond any plane', () => {
    const cuts = [new Vector4(0, 1, 0, 5), new Vector4(-1, 0, 0, 0)]
    expect(isCut(v(1, 4, 0), cuts)).toBe(false)
    expect(isCut(v(1, 6, 0), cuts)).toBe(true)
    expect(isCut(v(-1, 4, 0), cuts)).toBe(true)
  })
})
