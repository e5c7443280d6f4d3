/** Themes of the stage: which points colour the objects, and how. */
import { KINDS } from './kinds'
import type { RampName } from './ramps'

/** A value that is one of few states instead of a measure. */
export interface ThemeState {
  value: number
  /** Name of a colour token. */
  color: string
  id: 'free' | 'occupied' | 'normal' | 'fire'
}

export interface Theme {
  id: ThemeId
  kinds: readonly string[]
  ramp: RampName
  /** Fixed range; null takes the range of the values present when the theme starts. */
  range: readonly [number, number] | null
  states?: readonly ThemeState[]
}

export const THEME_IDS = ['overview', 'temperature', 'people', 'power', 'air', 'fire', 'parking', 'noise'] as const
export type ThemeId = (typeof THEME_IDS)[number]

const OVERVIEW: Theme = { id: 'overview', kinds: [], ramp: 'viridis', range: null }

export const THEMES: readonly Theme[] = [
  OVERVIEW,
  { id: 'temperature', kinds: KINDS.temperature, ramp: 'viridis', range: [18, 28] },
  { id: 'people', kinds: KINDS.people, ramp: 'cividis', range: null },
  { id: 'power', kinds: KINDS.power, ramp: 'cividis', range: null },
  { id: 'air', kinds: KINDS.co2, ramp: 'viridis', range: [400, 1400] },
  {
    id: 'fire',
    kinds: KINDS.smoke,
    ramp: 'viridis',
    range: [0, 1],
    states: [
      { value: 0, color: '--severity-normal', id: 'normal' },
      { value: 1, color: '--severity-critical', id: 'fire' },
    ],
  },
  {
    id: 'parking',
    kinds: KINDS.parking,
    ramp: 'viridis',
    range: [0, 1],
    states: [
      { value: 0, color: '--severity-normal', id: 'free' },
      { value: 1, color: '--severity-notice', id: 'occupied' },
    ],
  },
  { id: 'noise', kinds: KINDS.noise, ramp: 'viridis', range: [30, 80] },
]

export function themeOf(id: string | null): Theme {
  return THEMES.find((theme) => theme.id === id) ?? OVERVIEW
}
