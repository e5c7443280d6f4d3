/** Themes of the stage: which points colour the objects, and how. */
import { themes } from '../../../scenes/picture/looks.json'
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

/** The pictures that the server makes have the same themes: both read one file. */
export const THEMES: readonly Theme[] = themes.map((theme) => ({ ...(theme as unknown as Theme), kinds: theme.kinds ? KINDS[theme.kinds as keyof typeof KINDS] : [] }))

const OVERVIEW = THEMES[0] as Theme

export function themeOf(id: string | null): Theme {
  return THEMES.find((theme) => theme.id === id) ?? OVERVIEW
}
