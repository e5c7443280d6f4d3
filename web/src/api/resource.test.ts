import { afterEach, describe, expect, it } from 'vitest'
import { clearResources, fetchAhead } from './resource'

afterEach(clearResources)

describe('fetchAhead', () => {
  it('asks once, however often it is called while the answer is on its way or there', async () => {
    let asked = 0
    const load = () => Promise.resolve(++asked)
    fetchAhead('scene', load)
    fetchAhead('scene', load)
    await Promise.resolve()
    await new Promise((resolve) => setTimeout(resolve))
    fetchAhead('scene', load)
    expect(asked).toBe(1)
  })

  it('asks again after a failure', async () => {
    let asked = 0
    const load = () => {
      asked++
      return Promise.reject(new Error('no server'))
    }
    fetchAhead('scene', load)
    await new Promise((resolve) => setTimeout(resolve))
    fetchAhead('scene', load)
    expect(asked).toBe(2)
  })
})
