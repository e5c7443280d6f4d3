import { describe, expect, it } from 'vitest'

import type { Command } from '../live/types'
import { commandAt } from './commands'

const command = (id: string, asked_at: number, sent_at: number, ended_at: number): Command => ({
  id,
  point_id: 'p',
  gid: 'a1/r',
  value: 22,
  unit: '°C',
  state: 'refused',
  user: 'admin',
  comment: '',
  asked_at,
  sent_at,
  ended_at,
  reason: 'too warm',
})

describe('commandAt', () => {
  const all = [command('b', 200, 210, 300), command('a', 10, 11, 20)]

  it('is the last one asked for by then', () => {
    expect(commandAt(all, 5)).toBeUndefined()
    expect(commandAt(all, 150)?.id).toBe('a')
    expect(commandAt(all, 400)).toEqual(all[0])
  })

  it('is in the state in which it was then', () => {
    expect(commandAt(all, 205)).toMatchObject({ id: 'b', state: 'asked', ended_at: null, reason: '' })
    expect(commandAt(all, 299)).toMatchObject({ id: 'b', state: 'sent' })
    expect(commandAt(all, 300)).toMatchObject({ id: 'b', state: 'refused', reason: 'too warm' })
  })
})
