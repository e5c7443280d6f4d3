/** Colours and speeds of what flows. The colours of pipes follow custom in Chinese pipe maps: water blue, sewage brown, gas pink, heat orange, power red, telecom green. */
import type { LineRow } from './park-data'

export const MEDIA = ['supply', 'storm', 'sewage', 'gas', 'heat', 'power', 'telecom', 'road', 'footpath', 'air', 'fire', 'chilled', 'cable', 'other'] as const
export type Medium = (typeof MEDIA)[number]

export const MEDIUM_COLOURS: Record<Medium, number> = {
  supply: 0x2f8fff,
  storm: 0x35c2c9,
  sewage: 0xb07b4a,
  gas: 0xff6fae,
  heat: 0xff8a34,
  power: 0xff4d4f,
  telecom: 0x3fbf6b,
  road: 0xffd166,
  footpath: 0xd9c7a3,
  air: 0x9ad0ff,
  fire: 0xff5c3a,
  chilled: 0x5b8cff,
  cable: 0xe0559a,
  other: 0x9aa7b8,
}

/** Metres a second that the light runs: shown, not measured. */
const SPEEDS: Partial<Record<Medium, number>> = { road: 9, footpath: 2, storm: 3, sewage: 2.5, air: 6, power: 14, telecom: 14, cable: 14 }

const SYSTEM_WORDS: readonly [RegExp, Medium][] = [
  [/送风|排风|新风|回风|空调风|\b(air|duct|ventilation|exhaust)\b/i, 'air'],
  [/喷水|喷淋|消防|消火栓|sprinkler|fire/i, 'fire'],
  [/冷水|冷冻|冷却|chilled|condenser/i, 'chilled'],
  [/供暖|采暖|热水|heating/i, 'heat'],
  [/雨水|storm|rain/i, 'storm'],
  [/污水|排水|废水|sewage|waste|drain/i, 'sewage'],
  [/给水|water/i, 'supply'],
  [/燃气|gas/i, 'gas'],
  [/配电|照明|动力|power|light/i, 'cable'],
  [/弱电|通信|数据|data|telecom/i, 'telecom'],
]
const TYPES: Record<string, Medium> = { Road: 'road', Footpath: 'footpath', Railway: 'road', DuctSegment: 'air', CableCarrierSegment: 'cable', CableSegment: 'cable' }

/** What a line carries: by the source's word, else by its system's name, else by its type. */
export function mediumOf({ medium, system, type }: Pick<LineRow, 'medium' | 'system' | 'type'>): Medium {
  if (medium && medium !== 'other') return medium as Medium
  const said = system ? SYSTEM_WORDS.find(([words]) => words.test(system)) : undefined
  return said?.[1] ?? TYPES[type] ?? 'other'
}

/** Standing where the direction is not known. */
export function speedOf(line: LineRow): number {
  return line.direction === 'none' ? 0 : (SPEEDS[mediumOf(line)] ?? 5)
}
