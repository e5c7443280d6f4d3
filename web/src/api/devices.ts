/** Devices: register, credentials, lists. Times are epoch ms, days ISO dates. */
import { api } from './client'
import type { Query } from './client'

export type DeviceStatus = 'online' | 'offline' | 'unreachable' | 'unknown'
export const STATUSES: readonly DeviceStatus[] = ['online', 'offline', 'unreachable', 'unknown']

/** What people may change. */
export interface DeviceFields {
  name: string
  gid: string
  kind: string
  model: string
  maker: string
  serial: string
  firmware: string
  installed: string | null
  maintained: string | null
  maintain_every_days: number | null
  parent: string
  connector: string
  heartbeat_s: number | null
  groups: string[]
  tags: string[]
  notes: string
}

export interface DeviceRow extends DeviceFields {
  id: string
  state: 'active' | 'retired'
  changed_ms: number
  version: number
  status: DeviceStatus
  heard_at: number | null
  due: string | null
  type: string | null
  object_name: string | null
  storey: string | null
  storey_name: string | null
}

export interface DevicePage {
  items: DeviceRow[]
  total: number
  counts: Record<DeviceStatus, number>
}

export interface DeviceValue {
  point_id: string
  name: string
  kind: string
  unit: string
  address: string
  value: number | null
  quality: string
  heard_at: number | null
}

export type CredentialKind = 'mqtt' | 'http'

export interface Credential {
  id: string
  kind: CredentialKind
  user: string
  created_ms: number
  created_by: string
  used_ms: number | null
}

export interface CredentialSaved extends Credential {
  secret: string
  address: string
  publish: string[]
  subscribe: string[]
}

export interface DeviceCard extends DeviceRow {
  points: DeviceValue[]
  credentials: Credential[]
  children: number
}

export interface DeviceFacets {
  kind: string[]
  model: string[]
  maker: string[]
  parent: string[]
  tag: string[]
  storey: { gid: string; name: string | null }[]
  group: DeviceGroup[]
}

export interface DeviceChangeRow {
  at: number
  who: string
  action: string
  detail: Record<string, unknown>
}

export interface DeviceEvent {
  at: number
  device: string
  state: DeviceStatus
  detail: { heard_at?: number; children?: number }
}

export interface Availability {
  share: number | null
  online_ms: number
  watched_ms: number
  outages: number
}

export type ImportAction = 'add' | 'change' | 'same' | 'refuse'

export interface ImportRow {
  row: number
  id: string
  action: ImportAction
  reasons: string[]
  hints: string[]
  changes: Record<string, [unknown, unknown]>
}

export interface ImportReport {
  done: boolean
  counts: Record<ImportAction, number>
  rows: ImportRow[]
}

export const BIND_RESULTS = ['bound', 'ambiguous', 'unmatched'] as const
export type BindResult = (typeof BIND_RESULTS)[number]
export type BindSort = 'location' | 'equipment' | 'point'

/** What became of one thing of a description; `target`: gid or point id. */
export interface BindRow {
  sort: BindSort
  id: string
  name: string
  class: string
  result: BindResult
  target: string
  how: string
  likeness: number
  why: string
  candidates: { id: string; name: string; likeness: number }[]
}

/** A description bound to the park; `import`: what registering its equipment does, or did; `points`: those the park lacks. */
export interface BindReport {
  counts: Record<BindSort, Record<BindResult, number>>
  skipped: Record<string, number>
  rows: BindRow[]
  points: Record<string, string>[]
  import: ImportReport
}

export interface DeviceGroup {
  id: string
  name: string
  /** Empty where devices name the group themselves. */
  filter: Record<string, string>
}

const of = (device: string): string => `/devices/${encodeURIComponent(device)}`

export const listDevices = (query: Query, signal?: AbortSignal): Promise<DevicePage> => api.get('/devices', query, signal)
export const getDevice = (device: string): Promise<DeviceCard> => api.get(of(device))
export const getFacets = (): Promise<DeviceFacets> => api.get('/device-facets')
export const getChanges = (device: string): Promise<{ items: DeviceChangeRow[]; total: number }> => api.get(`${of(device)}/history`)
export const getEvents = (device: string): Promise<{ items: DeviceEvent[] }> => api.get('/device-events', { device, limit: 20 })
export const getAvailability = (device: string): Promise<Availability> => api.get(`${of(device)}/availability`)
export const createDevice = (id: string, fields: Partial<DeviceFields>): Promise<DeviceRow> => api.post('/devices', { id, ...fields })
export const changeDevice = (device: string, version: number, fields: Partial<DeviceFields>): Promise<DeviceRow> => api.patch(of(device), { version, ...fields })
export const retireDevice = (device: string, reason: string): Promise<DeviceRow> => api.post(`${of(device)}/retire`, { reason })
export const restoreDevice = (device: string): Promise<DeviceRow> => api.post(`${of(device)}/restore`, {})
export const issueCredential = (device: string, kind: CredentialKind): Promise<CredentialSaved> => api.post(`${of(device)}/credentials/${kind}`)
export const revokeCredential = (device: string, kind: CredentialKind): Promise<undefined> => api.delete(`${of(device)}/credentials/${kind}`)

/** csv or xlsx by the file's name; null for others. */
export function listFormat(name: string): 'csv' | 'xlsx' | null {
  const ending = name.toLowerCase().split('.').pop()
  return ending === 'csv' || ending === 'xlsx' ? ending : null
}

/** What a list does: told for a dry run, done otherwise. */
export function importList(file: File, format: 'csv' | 'xlsx', dryRun: boolean): Promise<ImportReport> {
  return api.send(`/device-lists/import?format=${format}&dry_run=${dryRun}`, file)
}

/** brick by a name that ends in .ttl, haystack by .json, .zinc or .trio; null for others. */
export function descriptionFormat(name: string): 'brick' | 'haystack' | null {
  const ending = name.toLowerCase().split('.').pop()
  return ending === 'ttl' ? 'brick' : ending === 'json' || ending === 'zinc' || ending === 'trio' ? 'haystack' : null
}

/** Binds a building's description; `register` makes devices of the equipment that is bound, all or none. */
export function bindDescription(file: File, format: 'brick' | 'haystack', register: boolean): Promise<BindReport> {
  return api.send(`/device-models/bind?format=${format}&register=${register}`, file)
}

const ofGroup = (id: string): string => `/device-groups/${encodeURIComponent(id)}`
export const saveGroup = (id: string, name: string, filter: Record<string, string>): Promise<DeviceGroup> => api.put(ofGroup(id), { name, filter })
export const removeGroup = (id: string): Promise<DeviceGroup> => api.delete(ofGroup(id))
