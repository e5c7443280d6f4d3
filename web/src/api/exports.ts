/** Exports: a selection of objects as one file, made by the server as a job of the person who asks. */
import { api } from './client'
import type { Failure, JobState, StateRanges, TypeCount } from './types'

export const EXPORT_FORMATS = ['ifc', 'glb', 'csv', 'parquet'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export const EXPORT_TABLES = ['objects', 'wide', 'properties', 'quantities', 'relations', 'all'] as const
export type ExportTable = (typeof EXPORT_TABLES)[number]

/** As in `GET /objects`; `under` is an object and all below it, `states` are ranges of state indices of the scene `revision`. */
export interface ExportSelection {
  gids?: readonly string[]
  states?: StateRanges
  revision?: number
  under?: string
  layer?: string
  type?: string
  storey?: string
  building?: string
  discipline?: string
  q?: string
}

export interface ExportWish {
  selection: ExportSelection
  format: ExportFormat
  table: ExportTable
  language: 'zh' | 'en'
  compact: boolean
  name: string
}

export interface ExportJob {
  id: string
  file: string
  state: JobState
  progress: number
  result: { objects: number; bytes: number; figures: Record<string, number> } | null
  error: Failure | null
}

/** What is there to choose from, in the park or one layer. */
export const getTypes = (layer?: string): Promise<TypeCount[]> => api.get('/types', { layer })
export const startExport = (wish: ExportWish): Promise<ExportJob> => api.post('/exports', wish)
export const getExport = (id: string): Promise<ExportJob> => api.get(`/exports/${id}`)
export const stopExport = (id: string): Promise<ExportJob> => api.delete(`/exports/${id}`)
export const exportUrl = (id: string): string => api.url(`/exports/${id}/file`)

export function isUnderWay(job: ExportJob): boolean {
  return job.state === 'queued' || job.state === 'running'
}

/** Whether a format holds one table per file. */
export function isTabular(format: ExportFormat): boolean {
  return format === 'csv' || format === 'parquet'
}
