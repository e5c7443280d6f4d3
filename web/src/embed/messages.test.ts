import { describe, expect, it } from 'vitest'
import { checked, COMMANDS, envelope, viewOf } from './messages'
import type { CommandName } from './types'

const containing = (words: string) => expect.stringContaining(words) as string
const refusal = (run: () => unknown): { code: string; message: string } => {
  try {
    run()
  } catch (error) {
    return error as { code: string; message: string }
  }
  throw new Error('nothing was refused')
}

describe('envelope', () => {
  it('leaves the messages of others alone', () => {
    for (const data of [null, 'text', 7, {}, { id: 1, type: 'select' }, [1]]) expect(envelope(data)).toBeNull()
  })

  it('takes a request apart', () => {
    expect(envelope({ parkViewer: 1, id: 'a', type: 'select', gids: [] })).toEqual({ id: 'a', type: 'select', params: { gids: [] } })
  })

  it('refuses other versions and what cannot be replied to', () => {
    expect(refusal(() => envelope({ parkViewer: 2, id: 1, type: 'hello' }))).toMatchObject({ code: 'version', message: containing('expected 1') })
    expect(refusal(() => envelope({ parkViewer: 1, type: 'hello' })).code).toBe('bad-message')
    expect(refusal(() => envelope({ parkViewer: 1, id: 1 })).code).toBe('bad-message')
  })
})

describe('commands', () => {
  const good: [CommandName, object][] = [
    ['hello', {}],
    ['hello', { events: ['pick', 'hover'] }],
    ['load', { src: 'https://park.example.org', token: 'park_x', layers: ['a1'], view: 'home', theme: 'night', live: '', quality: 'low' }],
    ['load', { layers: null, live: null, view: { position: [0, 0, 9], target: [0, 0, 0] } }],
    ['layers', { layers: null }],
    ['flyTo', { gids: ['a1/b'] }],
    ['flyTo', { box: [0, 0, 0, 1, 1, 1], duration: 0 }],
    ['select', { gids: [] }],
    ['isolate', { gids: null }],
    ['colour', { colours: { 'a1/b': '#fff', 'a1/c': null } }],
    ['section', { section: { top: 3 } }],
    ['section', { section: { storey: 'a1/s' } }],
    ['section', { section: { box: [0, 0, 0, 1, 1, 1] } }],
    ['section', { section: null }],
    ['properties', { gid: 'a1/b' }],
    ['screenshot', {}],
    ['camera', {}],
    ['subscribe', { scope: { kinds: ['co2'] }, max_rate_hz: 1 }],
    ['unsubscribe', { subscription: 1 }],
  ]

  it.each(good)('%s takes %j as it is', (command, params) => {
    expect(checked(command, params)).toEqual(params)
  })

  it('are all tried', () => {
    expect([...new Set(good.map(([command]) => command))].sort()).toEqual([...COMMANDS].sort())
  })

  it.each([
    ['select', {}, 'select.gids is undefined'],
    ['select', { gids: 'a1/b' }, 'select.gids'],
    ['select', { gids: [7] }, 'select.gids[0] is 7'],
    ['select', { gids: [], gid: 'a' }, 'select has a member gid'],
    ['flyTo', {}, 'exactly one'],
    ['flyTo', { gids: ['a'], view: 'home' }, 'exactly one'],
    ['flyTo', { box: [1, 0, 0, 0, 1, 1] }, 'corners swapped'],
    ['flyTo', { box: [0, 0, 0, 1, 1] }, '6 numbers'],
    ['flyTo', { view: { position: [0, 0, 0], target: [0, 0, 0] } }, 'apart from each other'],
    ['flyTo', { view: { position: [0, 0, NaN], target: [0, 0, 0] } }, 'flyTo.view'],
    ['flyTo', { view: { position: [0, 0, 1e9], target: [0, 0, 0] } }, 'within 1,000 km'],
    ['flyTo', { view: 'home', duration: Infinity }, 'flyTo.duration'],
    ['colour', { colours: { a: 7 } }, 'colour.colours.a is 7'],
    ['section', { section: { top: 1, storey: 'x' } }, 'expected null, {top}, {storey} or {box}'],
    ['load', { theme: 'dusk' }, 'one of day, night'],
    ['load', { token: 'x'.repeat(201) }, 'load.token'],
    ['subscribe', { max_rate_hz: 0 }, 'subscribe.max_rate_hz'],
    ['subscribe', { scope: { kind: ['co2'] } }, 'has a member kind'],
    ['screenshot', { width: 7 }, 'has a member width'],
    ['properties', null, 'an object with gid'],
  ] as [CommandName, unknown, string][])('%s refuses %j and says what it expects', (command, params, words) => {
    expect(refusal(() => checked(command, params))).toMatchObject({ code: 'bad-message', message: containing(words) })
  })

  it('that are none are named', () => {
    for (const name of ['delete', 'constructor', '__proto__'])
      expect(refusal(() => checked(name as CommandName, {}))).toMatchObject({ code: 'unknown-message', message: containing('hello, load') })
  })
})

describe('view attribute', () => {
  it('takes six numbers or home', () => {
    expect(viewOf('1,2,3, 4,5,6')).toEqual({ position: [1, 2, 3], target: [4, 5, 6] })
    for (const home of [null, '', 'home']) expect(viewOf(home)).toBe('home')
  })

  it.each(['1,2,x', '1,2,3,4,5', '1,2,3,4,5,', '1,2,3,1,2,3', '1e12,0,0,1,1,1', 'NaN,0,0,0,0,0'])('refuses %s', (value) => {
    expect(refusal(() => viewOf(value)).code).toBe('view')
  })
})
