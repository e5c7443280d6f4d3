import { Vector3 } from 'three'
import type { Ray } from 'three'
import { describe, expect, it } from 'vitest'
import { Rig } from './rig'

/** A floor at height 2, a wall at x = 3. */
const room = (ray: Ray, far: number): number => {
  const { origin: o, direction: d } = ray
  const hits = [d.y < -0.5 ? o.y - 2 : Infinity, d.x > 0.5 && o.x < 3 ? 3 - o.x : Infinity]
  const near = Math.min(...hits)
  return near <= far ? near : Infinity
}

describe('the room of a headset', () => {
  it('is turned about the head', () => {
    const rig = new Rig(room)
    const head = new Vector3(1, 3.6, 0)
    rig.turn(Math.PI / 2, head)
    // The head stood a metre east of the origin; turned, it stands a metre north of it, in the same place.
    expect(rig.position.x).toBeCloseTo(1)
    expect(rig.position.z).toBeCloseTo(1)
  })

  it('is put under the feet', () => {
    const rig = new Rig(room)
    rig.position.set(10, 0, 10)
    rig.teleport(new Vector3(5, 2, 6), new Vector3(10.5, 1.6, 10))
    expect(rig.position.toArray()).toEqual([4.5, 2, 6])
  })

  it('goes until a wall and stands on the floor', () => {
    const rig = new Rig(room)
    rig.position.y = 2.4
    const head = new Vector3(0, 4, 0)
    expect(rig.walk(2, 0, head)).toBe(true)
    expect(rig.position.y).toBeCloseTo(2)
    expect(rig.walk(1, 0, head)).toBe(false)
    expect(rig.walk(1, 1, head)).toBe(true)
    expect(rig.position.z).toBeCloseTo(1)
  })
})
