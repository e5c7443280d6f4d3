/** What the overlays are drawn from, asked of the server once a revision of the scene. */
import { api } from '../../api/client'

export interface Places {
  revision: number
  x: (number | null)[]
  y: (number | null)[]
  z: (number | null)[]
  layer: (string | null)[]
  storey: (string | null)[]
}

export interface LineRow {
  gid: string
  state: number
  name: string | null
  type: string
  system: string | null
  medium: string | null
  /** How the way of the flow is known; `none`: it is not. */
  direction: 'ports' | 'fall' | 'drawn' | 'none'
  points: [number, number, number][]
}

export interface CameraRow {
  gid: string
  state: number
  name: string | null
  tag: string | null
  layer: string
  storey: string | null
  x: number
  y: number
  z: number
  heading: number | null
  pitch: number | null
  width: number | null
  height: number | null
  range: number | null
}

const kept = new Map<string, Promise<unknown>>()

/** One request a path and revision, however many ask; a failed one is asked again. */
function once<T>(path: string, revision: number, query?: Record<string, string>): Promise<T> {
  const key = `${revision} ${path} ${query ? JSON.stringify(query) : ''}`
  let answer = kept.get(key) as Promise<T> | undefined
  if (!answer) {
    for (const other of kept.keys()) if (!other.startsWith(`${revision} `)) kept.delete(other)
    answer = api.get<T>(path, query)
    answer.catch(() => kept.delete(key))
    kept.set(key, answer)
  }
  return answer
}

export const placesOf = (revision: number): Promise<Places> => once<Places>('/overlays/places', revision)
export const lineLayersOf = (revision: number): Promise<{ layer: string; lines: number }[]> => once('/overlays/lines/layers', revision)
export const linesOf = (revision: number, layer: string): Promise<LineRow[]> => once<LineRow[]>('/overlays/lines', revision, { layer })
export const camerasOf = (revision: number): Promise<CameraRow[]> => once<CameraRow[]>('/overlays/cameras', revision)
