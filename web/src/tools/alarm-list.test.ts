import { describe, expect, it } from 'vitest'

import type { Alarm, AlarmState } from '../api/types'
import { eligible, rowAfter, sendable, stillThere, toggled, toggledAll } from './alarm-list'

const alarm = (id: string, state: AlarmState = 'active'): Alarm => ({ id, state }) as Alarm
const LIST = [alarm('a'), alarm('b', 'acknowledged'), alarm('c', 'latched-acknowledged'), alarm('d', 'cleared')]

describe('choosing', () => {
  it('forgets what is gone from the list', () => {
    expect([...stillThere(new Set(['a', 'x']), LIST)]).toEqual(['a'])
  })

  it('adds and takes away one, and all', () => {
    expect([...toggled(new Set(['a']), 'b')]).toEqual(['a', 'b'])
    expect([...toggled(new Set(['a', 'b']), 'a')]).toEqual(['b'])
    expect(toggledAll(new Set(['a']), LIST).size).toBe(4)
    expect(toggledAll(new Set(['a', 'b', 'c', 'd']), LIST).size).toBe(0)
  })

  it('moves by the arrow keys and stays inside', () => {
    expect(rowAfter('ArrowDown', 2, 4)).toBe(3)
    expect(rowAfter('ArrowDown', 3, 4)).toBe(3)
    expect(rowAfter('ArrowUp', 0, 4)).toBe(0)
    expect(rowAfter('End', 0, 4)).toBe(3)
    expect(rowAfter('Home', 3, 4)).toBe(0)
    expect(rowAfter('x', 1, 4)).toBeNull()
  })
})

describe('operations', () => {
  it('are for the alarms that they can change', () => {
    expect(eligible('acknowledge', LIST).map((one) => one.id)).toEqual(['a', 'd'])
    expect(eligible('reset', LIST).map((one) => one.id)).toEqual(['c'])
    expect(eligible('shelve', LIST)).toHaveLength(4)
  })

  it('ask for a reason where an alarm is taken off the list, and for one alarm out of service', () => {
    expect(sendable('acknowledge', LIST, '')).toBe(true)
    expect(sendable('reset', [alarm('a')], '')).toBe(false)
    expect(sendable('shelve', LIST, ' ')).toBe(false)
    expect(sendable('shelve', LIST, 'works')).toBe(true)
    expect(sendable('service', LIST, 'works')).toBe(false)
    expect(sendable('service', [alarm('a')], 'works')).toBe(true)
    expect(sendable('acknowledge', [], '')).toBe(false)
  })
})
