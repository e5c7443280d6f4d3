/** Connectors and the mapping of their addresses to points (`/connectors`). Times are epoch ms. */
import { api, withQuery } from './client'

export interface Connector {
  name: string
  kind: string
  state: string
  detail: string
  detail_zh?: string | null
  readings: number
  unknown: number
  undecodable: number
  dropped: number
  mapped: number
  candidates: number
  token_at: number | null
}

export interface Candidate {
  connector: string
  address: string
  count: number
  sample: string
  heard_at: number
}

export interface ConnectorList {
  items: Connector[]
  candidates: Candidate[]
}

export interface MappingFields {
  connector: string
  address: string
  point: string
  scale: number
  offset: number
  unit: string
  values: Record<string, number>
  min_interval_s: number
}

export interface MappingRow extends MappingFields {
  problem: string
  problem_zh?: string | null
}

export interface MappingPage {
  entries: MappingRow[]
  revision: string
  units: Record<string, string[]>
}

export interface Preview {
  raw: string
  paths: string[]
  value: number | null
  text: string
  converted: number | null
  unit: string
  time: number
  problem: string
  problem_zh?: string | null
}

export interface MappingKey {
  connector: string
  address: string
}

export const previewMapping = (fields: MappingFields): Promise<Preview> => api.post('/connectors/mapping/preview', fields)

export const saveMapping = (entry: MappingFields, replaces: MappingKey | null, revision: string): Promise<MappingPage> =>
  api.put('/connectors/mapping', { entry, replaces, revision })

export const removeMapping = (key: MappingKey, revision: string): Promise<MappingPage> => api.delete(withQuery('/connectors/mapping', { ...key, revision }))

export const issueToken = (name: string): Promise<{ token: string }> => api.post(`/connectors/${encodeURIComponent(name)}/token`)
