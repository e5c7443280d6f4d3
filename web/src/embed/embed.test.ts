import { describe, expect, it } from 'vitest'
import { formatPose, parsePose } from './pose'
import { viridis } from './ramp'

describe('view attribute', () => {
  it('takes six numbers or home', () => {
    expect(parsePose('1,2,3,4,5,6')).toEqual({ position: [1, 2, 3], target: [4, 5, 6] })
    expect(parsePose('home')).toBeNull()
    expect(parsePose(null)).toBeNull()
    expect(parsePose(formatPose({ position: [1.5, 2, 3], target: [0, 0, 0] }))?.position).toEqual([1.5, 2, 3])
  })

  it('says what it expects', () => {
    expect(() => parsePose('1,2,x')).toThrow('expected "home" or six numbers')
  })
})

describe('viridis', () => {
  it('runs from its first to its last colour and stops there', () => {
    expect([viridis(-1), viridis(0), viridis(1), viridis(2)]).toEqual([0x440154, 0x440154, 0xfde725, 0xfde725])
    expect(viridis(0.5)).toBe(0x21918c)
  })
})
