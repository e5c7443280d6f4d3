/** What of the park's overlays is shown: plain values, so that they can stand in a saved view. */

export const OVERLAYS = ['heat', 'flows', 'tracks', 'cones'] as const
export type OverlayName = (typeof OVERLAYS)[number]

export const QUANTITIES = ['temperature', 'humidity', 'co2', 'people', 'pm25', 'noise', 'outdoor'] as const
export type Quantity = (typeof QUANTITIES)[number]

/** `ground`: points out of doors, draped over the terrain; `storey`: of the open storey, at breast height; `volume`: of a whole building. */
export interface HeatChoice {
  quantity: Quantity
  place: 'ground' | 'storey' | 'volume'
  /** The building of a volume. */
  layer?: string | undefined
}

export interface FlowChoice {
  layers: readonly string[]
  /** Media and systems that are not shown. */
  without: readonly string[]
}

export interface TrackChoice {
  /** Id of a track source. */
  source: string
  /** How far back the tracks begin. */
  minutes: number
}

export interface ConeChoice {
  /** gids of cameras. */
  cameras: readonly string[]
}

export interface OverlayChoices {
  heat: HeatChoice | null
  flows: FlowChoice | null
  tracks: TrackChoice | null
  cones: ConeChoice | null
}

export const NO_OVERLAYS: OverlayChoices = { heat: null, flows: null, tracks: null, cones: null }
