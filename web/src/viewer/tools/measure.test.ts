import { PerspectiveCamera, Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { toThree } from '../axes'
import { measure, metres } from './measurement'
import { MeasureTool } from './measure-tool'
import { snap } from './snap'

describe('measuring', () => {
  it('gives the distance and its parts along east, north and up', () => {
    expect(measure([1, 2, 3], [4, 6, 15])).toMatchObject({ distance: 13, dx: 3, dy: 4, dz: 12 })
    expect([metres(1.234), metres(-0.5), metres(123.456)]).toEqual(['1.23 m', '-0.50 m', '123.5 m'])
  })

  it('takes two clicks, and Escape drops the begun one first', () => {
    const tool = new MeasureTool()
    expect(tool.click(toThree([0, 0, 0]), 'vertex')).toBeNull()
    expect(tool.click(toThree([0, 3, 4]), 'face')).toMatchObject({ distance: 5, dy: 3, dz: 4 })
    tool.click(toThree([1, 1, 1]), 'face')
    expect(tool.cancel()).toBe(true)
    expect(tool.done).toHaveLength(1)
    tool.cancel()
    expect(tool.empty).toBe(true)
    expect(tool.cancel()).toBe(false)
  })
})

describe('snap', () => {
  const camera = new PerspectiveCamera(40, 1, 0.1, 100)
  camera.position.set(0, 0, 10)
  camera.updateMatrixWorld()
  const triangle = [new Vector3(0, 0, 0), new Vector3(2, 0, 0), new Vector3(0, 2, 0)] as const
  const at = (x: number, y: number) => snap({ point: new Vector3(x, y, 0), triangle }, camera, 600, 600)

  it('prefers corners, then edges, then leaves the point', () => {
    expect(at(0.05, 0.06)).toMatchObject({ kind: 'vertex', point: { x: 0, y: 0 } })
    expect(at(1, 0.05)).toMatchObject({ kind: 'edge', point: { x: 1, y: 0 } })
    expect(at(0.6, 0.6)).toMatchObject({ kind: 'face', point: { x: 0.6, y: 0.6 } })
  })
})
