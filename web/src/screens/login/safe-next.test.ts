import { describe, expect, it } from 'vitest'

import { safeNext } from './safe-next'

describe('safeNext', () => {
  it.each(['https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example', 'javascript:alert(1)', '/login?next=/x', '', null])(
    'does not leave the application for %j',
    (next) => expect(safeNext(next)).toBe('/brain'),
  )

  it('keeps the address a person came for', () => {
    expect(safeNext('/planning?mode=swipe')).toBe('/planning?mode=swipe')
  })
})
