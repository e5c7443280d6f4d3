/** Numbers, times and ages as people read them. Pure: the language and the clock are arguments. */
import type { Instant } from '../api/types'

export type Language = 'zh' | 'en'

const LOCALES: Record<Language, string> = { zh: 'zh-CN', en: 'en-GB' }
const numberFormats = new Map<string, Intl.NumberFormat>()

/** No value is one dash everywhere. */
export const NO_VALUE = '—'

function numberFormat(language: Language, digits: number, minimum: number): Intl.NumberFormat {
  const key = `${language}/${digits}/${minimum}`
  let format = numberFormats.get(key)
  if (!format) {
    format = new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: digits, minimumFractionDigits: minimum })
    numberFormats.set(key, format)
  }
  return format
}

/** Digits a value deserves: about three significant ones, whole numbers from 100 up. */
export function digitsFor(value: number): number {
  const size = Math.abs(value)
  if (size >= 100 || Number.isInteger(value)) return 0
  return size >= 10 ? 1 : 2
}

export function formatNumber(value: number | null | undefined, language: Language, digits?: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_VALUE
  return numberFormat(language, digits ?? digitsFor(value), digits ?? 0).format(value)
}

/** A measured value with as many digits as its kind is read with; never more than the sensor gives. */
export function formatReading(value: number | null | undefined, unit: string | null | undefined, language: Language): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_VALUE
  return formatNumber(value, language, READING_DIGITS[unit ?? ''] ?? digitsFor(value))
}

const READING_DIGITS: Record<string, number> = {
  '°C': 1,
  '%': 0,
  '%RH': 0,
  ppm: 0,
  'µg/m³': 0,
  'µg/m3': 0,
  dB: 0,
  lx: 0,
  'm/s': 1,
  'mm/h': 1,
  kPa: 1,
  person: 0,
}

const COMPACT_ZH: readonly [number, string][] = [[1e8, '亿'], [1e4, '万']]
const COMPACT_EN: readonly [number, string][] = [[1e9, 'G'], [1e6, 'M'], [1e4, 'k']]

/** Large figures in the language's own steps: 1.2万, 12k. */
export function formatCompact(value: number | null | undefined, language: Language): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_VALUE
  for (const [step, mark] of language === 'zh' ? COMPACT_ZH : COMPACT_EN) {
    if (Math.abs(value) >= step) {
      const scaled = value / (mark === 'k' ? 1000 : step)
      return `${formatNumber(scaled, language, Math.abs(scaled) >= 100 ? 0 : 1)}${language === 'en' ? ' ' : ''}${mark}`
    }
  }
  return formatNumber(value, language)
}

/** Epoch ms, ISO text or seconds-like numbers of the wire to epoch ms; null when there is none. */
export function toMillis(instant: Instant | undefined): number | null {
  if (instant === null || instant === undefined || instant === '' || instant === 0) return null
  if (typeof instant === 'number') return Number.isFinite(instant) ? instant : null
  const parsed = Date.parse(instant)
  return Number.isNaN(parsed) ? null : parsed
}

export function formatClock(millis: number): string {
  const date = new Date(millis)
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':')
}

/** Month and day, as 03-28. */
export function formatMonthDay(millis: number): string {
  const at = new Date(millis)
  return `${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`
}

export function formatDate(millis: number, language: Language): string {
  const date = new Date(millis)
  const weekday = new Intl.DateTimeFormat(LOCALES[language], { weekday: 'short' }).format(date)
  const day = `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`
  return `${day} ${weekday}`
}

export function formatMoment(instant: Instant | undefined): string {
  const millis = toMillis(instant)
  if (millis === null) return NO_VALUE
  const date = new Date(millis)
  const day = `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`
  return `${day} ${formatClock(millis)}`
}

const AGES: readonly [number, string, string][] = [
  [86_400_000, '天前', ' d ago'],
  [3_600_000, '小时前', ' h ago'],
  [60_000, '分钟前', ' min ago'],
  [1000, '秒前', ' s ago'],
]

/** Age in the largest whole unit; under two seconds is now. */
export function formatAge(ageMs: number, language: Language): string {
  if (!Number.isFinite(ageMs)) return language === 'zh' ? '从未收到' : 'never'
  if (ageMs < 2000) return language === 'zh' ? '刚刚' : 'now'
  for (const [step, zh, en] of AGES) {
    if (ageMs >= step) return `${Math.floor(ageMs / step)}${language === 'zh' ? zh : en}`
  }
  return language === 'zh' ? '刚刚' : 'now'
}

const SPANS: readonly [seconds: number, zh: string, en: string][] = [
  [86_400, ' 天', ' d'],
  [3600, ' 小时', ' h'],
  [60, ' 分', ' min'],
  [1, ' 秒', ' s'],
]

/** How long something took, in its two largest units. */
export function formatSpan(seconds: number | null | undefined, language: Language): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return NO_VALUE
  let rest = Math.round(seconds)
  const first = SPANS.findIndex(([size]) => rest >= size)
  if (first < 0) return language === 'zh' ? '0 秒' : '0 s'
  const parts: string[] = []
  for (const [size, zh, en] of SPANS.slice(first, first + 2)) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count}${language === 'zh' ? zh : en}`)
  }
  return parts.join(' ')
}

const SIZES = ['B', 'KB', 'MB', 'GB', 'TB'] as const

export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined || !Number.isFinite(bytes)) return NO_VALUE
  let value = bytes
  let step = 0
  while (value >= 1024 && step < SIZES.length - 1) {
    value /= 1024
    step++
  }
  return `${step === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${SIZES[step]}`
}

const UNITS: Record<string, { zh: string; en: string }> = {
  person: { zh: '人', en: 'people' },
  人: { zh: '人', en: 'people' },
  persons: { zh: '人', en: 'people' },
  people: { zh: '人', en: 'people' },
  floor: { zh: '层', en: 'floor' },
  count: { zh: '个', en: '' },
  '1': { zh: '', en: '' },
}

/** A unit as it is printed: raised figures, and counted things in the language's own word. */
export function unitText(unit: string | null | undefined, language: Language): string {
  if (!unit) return ''
  const known = UNITS[unit]
  if (known) return known[language]
  return unit.replace(/m3\b/g, 'm³').replace(/m2\b/g, 'm²').replace(/\^3/g, '³').replace(/\^2/g, '²')
}
