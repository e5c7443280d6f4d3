import { describe, expect, it } from 'vitest'

import { en } from './en'
import { zh } from './zh'

function flatten(node: object, path = ''): Map<string, string> {
  const texts = new Map<string, string>()
  for (const [key, value] of Object.entries(node)) {
    const name = path ? `${path}.${key}` : key
    if (typeof value === 'string') texts.set(name, value)
    else for (const [inner, text] of flatten(value as object, name)) texts.set(inner, text)
  }
  return texts
}

const placeholders = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort()

/** Our own source files as text; the texts themselves and the tests left out. */
const FILES = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../viewer/**', '!../embed/**', '!./**', '!../i18n/**', '!../**/*.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
})

describe('texts', () => {
  const chinese = flatten(zh)
  const english = flatten(en)

  it('stand in both languages under the same keys', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
  })

  it('are never empty', () => {
    for (const [key, text] of [...chinese, ...english]) expect(text.trim(), key).not.toBe('')
  })

  it('have the same placeholders in both languages', () => {
    for (const [key, text] of chinese) expect(placeholders(english.get(key) ?? ''), key).toEqual(placeholders(text))
  })

  it('are Chinese in Chinese: no text is left in English', () => {
    const latin = [...chinese].filter(([, text]) => !/\p{Script=Han}/u.test(text) && /\p{Script=Latin}/u.test(text)).map(([key]) => key)
    expect(latin.sort()).toEqual(['kind.pm25', 'panel.pm25'])
  })

  it('are all used', () => {
    const code = Object.values(FILES).join('\n')
    expect(code).toContain('useText')
    const prefixes = [...code.matchAll(/t\(\s*`([\w.]+\.)\$\{/g)].map((match) => match[1] ?? '')
    const unused = [...chinese.keys()].filter((key) => !code.includes(`'${key}'`) && !prefixes.some((prefix) => key.startsWith(prefix)))
    expect(unused).toEqual([])
  })
})
