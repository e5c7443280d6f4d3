import type { Look } from './types'

/** Numbers of a look. Colours are sRGB; light intensities are three.js units. */
export interface LookValues {
  top: number
  bottom: number
  fog: number
  ground: number
  grid: number
  skyLight: number
  groundLight: number
  ambient: number
  sun: number
  exposure: number
  edge: number
  night: number
}

/** Calm and neutral: the stage steps back, colour in the scene means state. */
export const LOOKS: Record<Look, LookValues> = {
  day: {
    top: 0xb9cde2,
    bottom: 0xeef2f6,
    fog: 0xe6ecf2,
    ground: 0xccd2c8,
    grid: 0xbac1b8,
    skyLight: 0xe8f0fa,
    groundLight: 0xb5ae9f,
    ambient: 1.4,
    sun: 2.2,
    exposure: 1,
    edge: 0x2a3648,
    night: 0,
  },
  night: {
    top: 0x070d18,
    bottom: 0x14233a,
    fog: 0x122036,
    ground: 0x162235,
    grid: 0x2b4468,
    skyLight: 0x9fb4d8,
    groundLight: 0x3a4a66,
    ambient: 0.62,
    sun: 0.46,
    exposure: 1,
    edge: 0x6c8fc0,
    night: 1,
  },
}
