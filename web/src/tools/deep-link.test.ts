import { describe, expect, it } from 'vitest'

import { poseFromText, poseToText } from './deep-link'

describe('camera in the address', () => {
  it('comes back to the decimetre', () => {
    const pose = { position: [1.26, -20, 300.04], target: [0, 0, 5.5] } as const
    expect(poseFromText(poseToText({ position: [...pose.position], target: [...pose.target] }))).toEqual({ position: [1.3, -20, 300], target: [0, 0, 5.5] })
  })

  it.each([null, '', '1,2,3', '1,2,3,4,5,x', '1,2,3,4,5,6,7', '1e300,0,0,0,0,0', '0,0,1e7,0,0,0', '4,5,6,4,5,6', 'NaN,1,2,3,4,5'])('refuses %j', (text) => {
    expect(poseFromText(text)).toBeNull()
  })
})
