import { describe, expect, it } from 'vitest'
import { addMotion, keyMotion, moves, padMotion, stick, STILL } from './motion'

const pad = (axes: number[], pressed: number[] = []) => ({
  axes,
  buttons: Array.from({ length: 12 }, (_, i) => ({ pressed: pressed.includes(i), value: Number(pressed.includes(i)) })),
})

describe('motion', () => {
  it('comes from keys; opposite ones cancel', () => {
    expect(keyMotion(new Set(['KeyW', 'ShiftLeft']))).toMatchObject({ ahead: 1, right: 0, run: true })
    expect(moves(keyMotion(new Set(['KeyW', 'ArrowDown'])))).toBe(false)
    expect(keyMotion(new Set(['KeyE', 'KeyA']))).toMatchObject({ up: 1, right: -1 })
  })

  it('comes from a gamepad, whose resting sticks move nothing', () => {
    expect(moves(padMotion(pad([0.1, -0.12, 0.05, 0.14])))).toBe(false)
    expect(padMotion(pad([0, -1, 0.5, 0], [0, 5]))).toMatchObject({ ahead: 1, up: 1, run: true })
    expect(padMotion(pad([0, 0, 1, 1]))).toMatchObject({ turnLeft: -1, turnUp: -1 })
    expect([stick(0.15), stick(1), stick(-1)]).toEqual([0, 1, -1])
  })

  it('adds up to full speed at most', () => {
    const both = addMotion(keyMotion(new Set(['KeyW'])), padMotion(pad([0, -1])))
    expect(both.ahead).toBe(1)
    expect(addMotion(STILL, STILL)).toEqual(STILL)
  })
})
