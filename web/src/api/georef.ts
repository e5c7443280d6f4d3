/** Where a layer stands and why, as `GET /layers/{layer}/georef` tells it. Degrees and metres. */
import type { BuildFinding, Job } from './types'
import { api } from './client'

export interface Place {
  longitude: number
  latitude: number
  height: number
  rotation_deg: number
}

export interface Landing {
  longitude: number
  latitude: number
  height: number
  distance_m: number
  rotation_deg: number
  grid_scale: number | null
  convergence_deg: number | null
  place: Place
  ring: [number, number][]
}

export interface GeorefCandidate {
  id: string
  kind: string
  source: string
  crs: string
  usable: boolean
  why: string
  repair: string
  used: boolean
  landing: Landing | null
}

export type Contradiction = BuildFinding & { fix_zh: string; fix_en: string; value: number | null; unit: string; data: { between?: string[] } }

export interface RuleCheck {
  rule: string
  verdict: 'pass' | 'fail' | 'na'
  zh: string
  en: string
  detail: string
}

export interface GeorefReport {
  used: string
  candidate: string
  why: { zh: string; en: string }
  crs: string
  anchor: [number, number]
  extent: { low: [number, number, number]; high: [number, number, number]; strays: number }
  addresses: string[]
  candidates: GeorefCandidate[]
  contradictions: Contradiction[]
  checks: RuleCheck[]
}

export interface PlanLayer {
  layer: string
  version: string
  group: string
  title: string
  title_en: string
  boxes: [number, number, number, number][]
}

/** What a layer covers: closed rings in metres, even-odd. */
export interface LayerOutline {
  layer: string
  version: string
  shapes: { type: string; rings: Ring[] }[]
}

export type Ring = readonly (readonly [number, number])[]

export interface Origin {
  longitude: number
  latitude: number
  height: number
  crs: string
}

export interface LayerGeoref {
  layer: string
  version: string
  title: string
  title_en: string
  source: string
  group: string
  kind: string
  georef: Partial<GeorefReport> | null
  placing: { crs?: string; use?: string; longitude?: number }
  kept: boolean
  job: string | null
  origin: Origin
  plan: PlanLayer[]
}

/** What the user wants: a source of the file, a place, or neither, and then the file decides. */
export interface Placing {
  use?: string
  crs?: string
  place?: Place & { anchor?: [number, number] }
}

export const getGeoref = (layer: string): Promise<LayerGeoref> => api.get(`/layers/${layer}/georef`)

export const getOutline = (layer: string): Promise<LayerOutline> => api.get(`/layers/${layer}/outline`)

export const placeLayer = (layer: string, placing: Placing): Promise<{ layer: string; job: string }> =>
  api.post(`/layers/${layer}/georef`, placing)

/** The same for a model under review: it is reviewed anew, and the park is not changed. */
export const placeSubmission = (submission: string, placing: Placing): Promise<{ submission: string; job: string }> =>
  api.post(`/submissions/${submission}/georef`, placing)

export const getJob = (job: string): Promise<Job> => api.get(`/jobs/${job}`)
