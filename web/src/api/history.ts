/** A point's past: its curve, its samples, and what people corrected of them. Times are epoch ms; spans end before `to`. */
import { api } from './client'
import type { PointPlot } from './types'

export interface Span {
  from: number
  to: number
}

/** Samples as columns, ascending; `original`: the values as they arrived; `next`: where the next page begins. */
export interface SamplePage {
  t: number[]
  value: (number | null)[]
  quality: number[]
  corrected: boolean[]
  original: (number | null)[]
  next: number | null
  raw_from: number
}

export const CORRECTIONS = ['value', 'scale', 'exclude'] as const
export type CorrectionAction = (typeof CORRECTIONS)[number]

export interface Correction extends Span {
  id: number
  point_id: string
  action: CorrectionAction
  value: number | null
  factor: number | null
  offset: number | null
  author: string
  reason: string
  made_at: number
  undone_at: number | null
  undone_by: string | null
  samples: number
}

export interface CorrectionWish extends Span {
  point_id: string
  action: CorrectionAction
  value?: number
  factor?: number
  offset?: number
  reason: string
}

export const getPlot = (pointId: string, span: Span, points: number, signal?: AbortSignal): Promise<PointPlot> =>
  api.get('/history/plot', { point_id: pointId, ...span, points }, signal)
export const getSamples = (pointId: string, span: Span): Promise<SamplePage> => api.get('/history/samples', { point_id: pointId, ...span, limit: 1000 })
export const getCorrections = (pointId: string, span: Span): Promise<{ items: Correction[]; total: number }> =>
  api.get('/history/corrections', { point_id: pointId, ...span })
export const correct = (wish: CorrectionWish): Promise<Correction> => api.post('/history/corrections', wish)
export const undoCorrection = (id: number): Promise<Correction> => api.post(`/history/corrections/${id}/undo`)
