/**
 * Shapes of the HTTP and WebSocket messages, as docs/architecture.md fixes them. Times are epoch
 * milliseconds on the wire; some server rows carry ISO text, so both are read through `toMillis`.
 */
import type { Box, SceneLayer } from '../viewer/types'

export type { Box, SceneLayer, SceneManifest, SceneScheme, SceneStorey, StateRanges } from '../viewer/types'

export type Role = 'viewer' | 'operator' | 'planner' | 'reviewer' | 'administrator'
export const ROLES: readonly Role[] = ['viewer', 'operator', 'planner', 'reviewer', 'administrator']

export type Severity = 'critical' | 'major' | 'minor' | 'notice'
export type Verdict = 'pass' | 'fail' | 'insufficient' | 'manual'
export type Instant = number | string | null

export interface Session {
  user: string
  name: string
  roles: Role[]
  permissions: string[]
  csrf: string
}

export interface ConnectionState {
  name: string
  kind: string
  state: string
  detail: string | null
  detail_zh?: string | null
  /** Counted since the start; null: not counted for this connection. */
  messages: number
  unknown: number
  undecodable: number
  dropped: number
  bad: number | null
  late: number | null
  skewed: number | null
}

export interface ParkStatus {
  id: string
  name: string
  name_en: string
  clock: number
  started_at: string
  revision: number
  live: boolean
  simulated: boolean
  /** Counts by quality. */
  points: { count: number; good: number; stale: number; bad: number; never: number }
  /** Readings since the start: taken in, older than what was known, unusable, from a clock that runs ahead. */
  updates: { updates: number; late: number; bad: number; skewed: number }
  connections: ConnectionState[]
  history: Record<string, unknown> | null
  versions: Record<string, string>
}

export interface LayerRow {
  layer: string
  version: string
  kind: string
  title: string
  title_en: string
  source: string
  sha256: string
  crs: string
  group: string
  built_at: Instant
  published_at: Instant
  base: number
  count: number
  stats: Record<string, unknown> | null
  georef: Record<string, unknown> | null
  findings: BuildFinding[] | null
  /** Versions on disk. */
  version_count: number
}

export interface BuildFinding {
  code: string
  severity: string
  zh: string
  en: string
  ids: string[]
  /** Absent in layers that were built before findings told it. */
  repaired?: boolean
}

export interface OrderElement {
  id: string
  gid: string | null
  name: string | null
  type: string | null
  storey: string | null
  note: string | null
  state: number | null
}

/** A finding of a layer's build: mended already, or for the author. */
export interface OrderFinding {
  id: string
  code: string
  severity: Severity
  zh: string
  en: string
  fix_zh: string
  fix_en: string
  repaired: boolean
  count: number
  elements: OrderElement[]
  gids: string[]
  states: number[]
  value: number | null
  limit: number | null
  unit: string
  at: [number, number, number] | null
  /** Around all its elements. */
  box: Box | null
}

export interface LayerOrder {
  layer: string
  version: string
  title: string
  source: string
  /** `open` and `repaired`, each by severity. */
  counts: Record<string, Record<string, number>>
  items: OrderFinding[]
}

export interface ObjectItem {
  gid: string
  state: number
  type: string
  ifc_class: string | null
  name: string | null
  layer: string
  storey: string | null
  storey_name: string | null
  building: string | null
  box: Box | null
}

export interface PathItem {
  gid: string
  name: string | null
  type: string
  state?: number | null
}

export interface PropertyRow {
  name: string
  value: string | number | boolean | null
  number: number | null
  unit: string | null
  origin: string | null
}

export interface PropertySet {
  set: string
  rows: PropertyRow[]
}

export interface QuantityRow {
  set?: string | null
  name: string
  value: number | null
  unit: string | null
  origin: string | null
}

export interface RelationRow {
  kind: string
  direction: string
  gid: string
  name: string | null
  type: string | null
  state: number | null
}

export interface CardPoint {
  point_id: string
  kind: string
  unit: string | null
  name: string | null
  value: number | null
  quality: number
  changed_at: Instant
  heard_at: Instant
}

export interface ObjectCard extends ObjectItem {
  path: PathItem[]
  properties: PropertySet[]
  quantities: QuantityRow[]
  relations: RelationRow[]
  points: CardPoint[]
}

export interface ConceptItem {
  gid: string
  layer: string
  kind: string
  ifc_class: string | null
  name: string | null
  description: string | null
}

export interface ConceptCard extends ConceptItem {
  properties: PropertySet[]
  quantities: QuantityRow[]
  relations: RelationRow[]
  members: { total: number; types: { type: string; count: number; ranges: [number, number][] }[]; items: ObjectItem[] }
}

export interface TypeCount {
  type: string
  ifc_class: string | null
  count: number
}

export interface TreeNode {
  gid: string
  name: string | null
  type: string
  ifc_class: string | null
  state: number | null
  children: number
}

export interface Page<T> {
  items: T[]
  total: number
}

export interface PointColumns {
  point_id: string[]
  gid: string[]
  state: (number | null)[]
  device_state: (number | null)[]
  kind: string[]
  unit: (string | null)[]
  min: (number | null)[]
  max: (number | null)[]
  name: (string | null)[]
  role?: (string | null)[]
}

/** A point's curve: samples chosen so that it keeps its shape. Before `raw_from` it is drawn from summaries. */
export interface PointPlot {
  point_id: string
  unit: string | null
  t: number[]
  value: number[]
  gaps: [number, number][]
  /** Instants near which samples are unusable, or a person's. */
  bad: number[]
  corrected: number[]
  samples: number
  width_ms: number
  limit_ms: number
  raw_from: number
}

export type AlarmProcess = 'active' | 'acknowledged' | 'cleared' | 'latched' | 'latched-acknowledged'
/** What is shown; the last three lie over a process state (ISA-18.2). */
export type AlarmState = AlarmProcess | 'shelved' | 'suppressed' | 'out-of-service'

export interface Alarm {
  id: string
  rule: string
  point_id: string
  gid: string | null
  state: AlarmState
  /** The state beneath a hold; the same where nothing holds it. */
  process: AlarmProcess
  shelved_until: number | null
  /** Who holds it, or nobody where the rule does, and why. */
  held_by: string
  held_reason: string
  /** Steps of escalation that were taken, and the role that the last one called. */
  escalated: number
  role: string
  /** Alarms of children that this one stands for. */
  hidden: number
  /** How often it was raised before it closed. */
  count: number
  /** State index of the object, where the server gives one. */
  object_state?: number | null
  severity: Severity
  message_zh: string
  message_en: string
  value: number | null
  limit: number | null
  unit: string | null
  raised_at: Instant
  cleared_at: Instant
  acknowledged_at: Instant
  acknowledged_by: string | null
  comment?: string | null
  name: string | null
  box: Box | null
}

/** An operation on many alarms: what was changed, and what was not. */
export interface AlarmsDone {
  items: Alarm[]
  refused: { id: string; code: string; message: string }[]
}

/** What is shelved or out of service; empty names leave that open, `until` null waits for a person. */
export interface AlarmHold {
  id: string
  kind: 'shelved' | 'out-of-service'
  rule: string
  point_id: string
  gid: string
  author: string
  reason: string
  since: number
  until: number | null
}

export interface AlarmGroup {
  key: string
  name: string
  count: number
  unacknowledged: number
  severities: Record<Severity, number>
  /** The worst of them. */
  first: Alarm
}

export interface FrequentAlarm {
  rule: string
  point_id: string
  count: number
  share: number
}

export interface AlarmFigures {
  raised: number
  acknowledged: number
  escalated: number
  mtta_s: number | null
  mttr_s: number | null
  per_operator_hour: number
  per_operator_day: number
  peak: number
  floods: number
  flood_share: number
  standing: number
  stale: number
  held: number
  chattering: FrequentAlarm[]
  top: FrequentAlarm[]
  benchmarks: { flood_count: number; flood_minutes: number; per_operator_day: number; stale_hours: number; source: string; mark: string }
}

export interface BreakdownRow {
  key: string
  label_zh: string
  label_en: string
  value: number | null
}

export interface Indicator {
  name: string
  title_zh: string
  title_en: string
  value: number | null
  unit: string
  at: Instant
  trend: (number | null)[]
  /** Epoch ms of each sample of `trend`. */
  trend_at?: number[]
  breakdown: BreakdownRow[]
  /** Points of its kinds, with a value or without. */
  points?: number
  /** Why there is no value; empty where there is one. */
  reason_zh?: string
  reason_en?: string
}

export interface SchemeRow {
  id: string
  name: string
  name_en: string
  colour: string
  layers: string[]
  hides?: string[]
}

export interface ComparisonCell {
  value: number | null
  verdict: string
  objects: string[]
  formula: string
}

export interface ComparisonRow {
  name: string
  title_zh: string
  title_en: string
  unit: string
  /** lower, higher, or empty where neither is better. */
  better: string
  limit: { op: string; value: number; mark?: string | null } | null
  values: Record<string, ComparisonCell>
}

export interface Decision {
  scheme: string
  reason: string
  by: string
  at: Instant
}

export interface Comparison {
  plot: { gid: string | null; area: number | null }
  rows: ComparisonRow[]
  decision: Decision | null
}

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

export interface Failure {
  code?: string
  detail?: string
  detail_zh?: string
  message?: string
}

export interface Job {
  id: string
  kind: string
  target: string
  owner: string
  state: JobState
  progress: number
  phase: string
  message: string
  result: Record<string, unknown> | null
  error: Failure | null
  created_at: Instant
  started_at: Instant
  ended_at: Instant
}

export type SubmissionState = 'queued' | 'building' | 'reviewing' | 'reviewed' | 'failed' | 'cancelled'

export interface Submission {
  id: string
  name: string
  state: SubmissionState
  owner: string
  created_at: Instant
  size: number
  sha256: string
  job: string
  layer: string
  version: string
  /** Findings by severity, and `rules_<verdict>`. */
  counts: Record<string, number>
  error: Failure | null
  scene_layer?: SceneLayer | null
}

export interface Finding {
  id: string
  rule: string
  code: string
  severity: Severity
  zh: string
  en: string
  fix_zh: string
  fix_en: string
  gids: string[]
  states: number[]
  value: number | null
  limit: number | null
  unit: string
  at: [number, number, number] | null
  requirement: string
  mark: string
}

export interface RuleSummary {
  rule: string
  stage: string
  title_zh: string
  title_en: string
  text_zh: string
  text_en: string
  clause: string
  mark: string
  limit: number | null
  unit: string
  /** pass, fail, insufficient or na. */
  verdict: string
  checked: number
  lacking: number
  failed: number
}

export interface ReviewFindings {
  items: Finding[]
  rules: RuleSummary[]
  layer: string
}

export interface UserRow {
  name: string
  display_name: string
  roles: Role[]
  disabled: boolean
  created_at: Instant
  changed_at: Instant
}

export interface UserSaved extends UserRow {
  /** A generated password, shown this once. */
  password: string | null
}

export interface AuditRow {
  id: number
  at: Instant
  user: string
  action: string
  target: string
  detail: Record<string, unknown>
  address: string
}

/** What lets a page of others show the park; the token itself is told once. */
export interface EmbedToken {
  id: string
  name: string
  state: 'active' | 'expired' | 'revoked'
  layers: string[]
  live: boolean
  origins: string[]
  created_at: number
  created_by: string
  expires_at: number | null
  revoked_at: number | null
  used_at: number | null
}

export interface EmbedTokenSaved extends EmbedToken {
  token: string
}

/** Quality codes of a live value. */
export const QUALITY = { good: 0, stale: 1, bad: 2, never: 3 } as const
