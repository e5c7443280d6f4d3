import { describe, expect, it } from 'vitest'

import { wordsOf, wordsText } from './mapping-words'

describe('words of a mapping entry', () => {
  it('are written and read', () => {
    const values = { on: 1, off: 0, 'a=b': -2.5, 开: 1 }
    expect(wordsOf(wordsText(values))).toEqual(values)
    expect(wordsOf('')).toEqual({})
    expect(wordsOf('开 = 1，关=0;\n')).toEqual({ 开: 1, 关: 0 })
  })

  it.each(['on', 'on = high', '= 1', 'on = ', 'on = Infinity'])('refuse %s', (text) => {
    expect(wordsOf(text)).toBeUndefined()
  })
})
