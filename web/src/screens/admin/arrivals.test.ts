import { describe, expect, it } from 'vitest'

import type { ConnectionState } from '../../api/types'
import { arrivals } from './arrivals'

const connection = (name: string, more: Partial<ConnectionState>): ConnectionState => ({
  name, kind: 'mqtt', state: 'connected', detail: '', messages: 0,
  unknown: 0, undecodable: 0, dropped: 0, bad: 0, late: 0, skewed: 0, ...more,
})

describe('arrivals', () => {
  it('lists connections, then the park: sums of messages, its own counts of readings', () => {
    const rows = arrivals(
      [connection('a', { unknown: 2, bad: 1 }), connection('b', { unknown: 3, dropped: 4, bad: null, late: null, skewed: null })],
      { updates: 99, bad: 5, late: 6, skewed: 7 },
      'Park',
    )
    expect(rows.map((row) => row.name)).toEqual(['a', 'b', 'Park'])
    expect(rows[1]).toMatchObject({ unknown: 3, bad: null, whole: false })
    expect(rows[2]).toEqual({ name: 'Park', whole: true, unknown: 5, undecodable: 0, dropped: 4, bad: 5, late: 6, skewed: 7 })
  })
})
