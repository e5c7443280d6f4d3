import { describe, expect, it } from 'vitest'
import { paneAt, paneFrame } from './pane-layout'

const left = { rect: [0, 0, 1 / 3, 1] as [number, number, number, number] }
const right = { rect: [1 / 3, 0, 2 / 3, 1] as [number, number, number, number] }

describe('panes', () => {
  it('meet on the same pixel and fill the stage', () => {
    const [a, b] = [paneFrame(left, 1000, 700).scissor, paneFrame(right, 1000, 700).scissor]
    expect(a[0] + a[2]).toBe(b[0])
    expect(b[0] + b[2]).toBe(1000)
  })

  it('show a picture of their own, or a cut of the whole one', () => {
    expect(paneFrame(right, 900, 600).viewport).toEqual([300, 0, 600, 600])
    expect(paneFrame({ ...right, swipe: true }, 900, 600).viewport).toEqual([0, 0, 900, 600])
  })

  it('are found under a point', () => {
    expect(paneAt([left, right], 10, 5, 900, 600)).toBe(left)
    expect(paneAt([left, right], 300, 5, 900, 600)).toBe(right)
    expect(paneAt([left], 800, 5, 900, 600)).toBeNull()
  })
})
