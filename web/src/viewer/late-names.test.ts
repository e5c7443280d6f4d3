import { describe, expect, it, vi } from 'vitest'
import { FeatureTable } from './feature-table'
import { LateNames } from './late-names'

const table = () => new FeatureTable({ count: 2, data: [], properties: {} })
const columns = { gid: ['a1/x', 'a1/y'], name: ['门', ''], storey: ['1F', '1F'] }
const answer = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status })

function late(...answers: (Response | Error)[]) {
  const load = vi.fn<typeof fetch>(() => {
    const next = answers.shift()
    return next instanceof Response ? Promise.resolve(next) : Promise.reject(next ?? new Error('none left'))
  })
  const errors: string[] = []
  const names = new LateNames<object>({ 'X-Key': 'k' }, (message, url) => errors.push(`${url}: ${message}`), load)
  return { names, load, errors }
}

const settled = (names: LateNames<object>) => vi.waitFor(() => expect(names.pending).toBe(0))

describe('LateNames', () => {
  it('asks once a picture was drawn, and then the objects have names', async () => {
    const { names, load } = late(answer(columns))
    const mine = table()
    names.add({}, 'http://x/3.names.json', [mine])
    expect([names.pending, mine.named, load.mock.calls.length]).toEqual([1, false, 0])
    names.ask()
    expect(load, 'no picture with it yet').not.toHaveBeenCalled()
    names.drawn()
    names.ask()
    names.ask()
    await settled(names)
    expect(load).toHaveBeenCalledTimes(1)
    expect(load.mock.calls[0]?.[1]).toMatchObject({ headers: { 'X-Key': 'k' }, priority: 'low' })
    expect([mine.named, mine.column('name'), mine.column('gid')[1]]).toEqual([true, ['门', ''], 'a1/y'])
  })

  it.each([
    ['a refusal', answer({}, 403), '403'],
    ['no network', new Error('down'), 'down'],
    ['a list of another length', answer({ ...columns, gid: ['a1/x'] }), 'gid'],
    ['something else', answer(null), 'gid'],
  ])('tells of %s, waits no longer, and asks again when told to', async (_name, broken, told) => {
    const { names, errors } = late(broken, answer(columns))
    const mine = table()
    names.add({}, 'u', [mine])
    names.drawn()
    names.ask()
    await settled(names)
    expect(errors).toEqual([expect.stringContaining(told)])
    expect(mine.named).toBe(false)
    names.retry()
    names.ask()
    await settled(names)
    expect(mine.named).toBe(true)
  })

  it('forgets a tile that is gone', () => {
    const { names, load } = late()
    const tile = {}
    names.add(tile, 'u', [table()])
    names.drawn()
    names.drop(tile)
    names.ask()
    expect([names.pending, load.mock.calls.length]).toEqual([0, 0])
  })

  it('gives up what is under way for a tile that is gone', async () => {
    const { names, load, errors } = late(new Error('aborted'))
    const tile = {}
    names.add(tile, 'u', [table()])
    names.drawn()
    names.ask()
    names.drop(tile)
    expect(load.mock.calls[0]?.[1]?.signal?.aborted).toBe(true)
    expect(names.pending).toBe(0)
    await Promise.resolve()
    expect(errors).toEqual([])
  })
})
