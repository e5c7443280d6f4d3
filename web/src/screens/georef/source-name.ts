/** A candidate's name in the user's language; further ones of a kind keep their number. */
import type { TFunction } from 'i18next'

import type { GeorefCandidate } from '../../api/georef'

const KINDS = ['placed', 'map-conversion', 'ePSet_MapConversion', 'rigid-operation', 'crs-override', 'coordinates', 'site', 'local'] as const

export function sourceName(candidate: GeorefCandidate, t: TFunction): string {
  const kind = KINDS.find((one) => one === candidate.kind)
  const name = kind ? t(`georef.kind.${kind}`) : candidate.kind
  const number = /-(\d+)(?::|$)/.exec(candidate.id.slice(candidate.kind.length))?.[1]
  return number ? `${name} ${number}` : name
}
