import { describe, expect, it } from 'vitest'
import { tourFromText, tourToText, viewFromText, viewToText } from './stage-view'
import type { StageView } from './stage-view'

const view: StageView = {
  camera: { position: [1.23456, -2, 30], target: [0, 0, 0] },
  section: { top: 4.2, planes: [{ normal: [0, 0, 1], distance: 3 }] },
  selected: ['楼/1F/门'],
  hidden: [[3, 9]],
  xray: true,
  pit: { rectangle: [-5, 2, 15, 12.5], depth: 4 },
}

describe('a view in an address', () => {
  it('comes back as it was, to the centimetre, with Chinese ids, in letters that need no escape', () => {
    const text = viewToText(view)
    expect(text).toMatch(/^[\w-]+$/)
    expect(viewFromText(text)).toEqual({ ...view, camera: { position: [1.23, -2, 30], target: [0, 0, 0] } })
  })

  it('is refused where it is broken or not a view', () => {
    for (const text of [null, '', '%%%', btoa('{'), btoa('{"camera":1}'), btoa('{"camera":{"position":[0,0,"x"],"target":[0,0,0]}}')]) expect(viewFromText(text)).toBeNull()
    expect(viewFromText(viewToText({ ...view, section: { planes: [{ normal: [0, 0, 0], distance: 1 }] } }))).toBeNull()
    expect(viewFromText(viewToText({ ...view, hidden: [[1.5, 2]] }))).toBeNull()
    expect(viewFromText(viewToText({ ...view, pit: { rectangle: [5, 2, -15, 12], depth: 4 } }))).toBeNull()
    expect(viewFromText(viewToText({ ...view, pit: { rectangle: [0, 0, 1, 1], depth: 0 } }))).toBeNull()
  })
})

describe('a tour in an address', () => {
  it('keeps names, order and times and leaves out what is broken', () => {
    const stops = [
      { name: '大门', view, seconds: 4 },
      { name: 'x', view: { ...view, xray: false }, seconds: 2.5 },
    ]
    expect(tourFromText(tourToText(stops)).map(({ name, seconds }) => [name, seconds])).toEqual([['大门', 4], ['x', 2.5]])
    expect(tourFromText(tourToText([{ ...stops[0]!, seconds: 0 }]))).toEqual([])
    expect(tourFromText('rubbish')).toEqual([])
  })
})
