/** One live point: name, value, unit, age; opens its last hours. */
import { useMemo, useState } from 'react'
import type uPlot from 'uplot'

import { api } from '../api/client'
import { isWritable } from '../api/commands'
import { live } from '../api/live'
import { useResource } from '../api/resource'
import type { CardPoint, PointHistory } from '../api/types'
import { QUALITY } from '../api/types'
import { formatReading, unitText } from '../i18n/format'
import { useText } from '../i18n/use-text'
import type { Words } from '../i18n/use-text'
import { Age } from './age'
import { LineChart } from './line-chart'
import styles from './object-card.module.css'
import { PointCommand } from './point-command'
import { Empty, Skeleton } from './states'
import { useLive } from './use-live'

const TREND_HOURS = 6

/** The kind in the reader's language; the server's own name where the kind is not one of ours. */
function kindName(point: CardPoint, t: ReturnType<typeof useText>['t']): string {
  return t(`kind.${point.kind as keyof Words['kind']}`, { defaultValue: point.name || point.kind })
}

interface Shown {
  value: number | null
  quality: number
  heardAt: number | null
}

export function PointRow({ point }: { point: CardPoint }) {
  const { t, language } = useText()
  const [open, setOpen] = useState(false)
  const shown = useLive<Shown>(
    () => {
      const index = live.indexOf(point.point_id)
      if (index < 0) return { value: point.value, quality: point.quality, heardAt: Number(point.heard_at) || null }
      const value = live.values[index] ?? Number.NaN
      return {
        value: Number.isFinite(value) ? value : null,
        quality: live.shownQuality(index),
        heardAt: live.heardAt[index] || null,
      }
    },
    point.point_id,
    4,
  )
  const old = shown.quality !== QUALITY.good
  return (
    <>
      <button type="button" className={styles.point} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className={styles.pointName} title={point.name ?? undefined}>{kindName(point, t)}</span>
        <span className={`${styles.pointValue} ${old ? styles.old : ''}`}>
          {formatReading(shown.value, point.unit, language)} <small>{unitText(point.unit, language)}</small>
        </span>
        <span className={styles.pointAge}>
          {old ? `${t(QUALITY_WORDS[shown.quality] ?? 'quality.bad')} · ` : ''}
          <Age at={shown.heardAt} />
        </span>
      </button>
      {isWritable(live.columns?.role?.[live.indexOf(point.point_id)]) ? (
        <PointCommand pointId={point.point_id} unit={point.unit ?? ''} />
      ) : null}
      {open ? <Trend pointId={point.point_id} unit={point.unit ?? ''} name={point.name ?? point.kind} /> : null}
    </>
  )
}

const QUALITY_WORDS: Record<number, 'quality.stale' | 'quality.bad' | 'quality.never'> = {
  [QUALITY.stale]: 'quality.stale',
  [QUALITY.bad]: 'quality.bad',
  [QUALITY.never]: 'quality.never',
}

function Trend({ pointId, unit, name }: { pointId: string; unit: string; name: string }) {
  const { t } = useText()
  const { data, error } = useResource<PointHistory>(
    `history/${pointId}`,
    () => {
      const to = live.time()
      return api.get('/points/history', { point_id: pointId, from: to - TREND_HOURS * 3_600_000, to, buckets: 240 })
    },
    { everyMs: 15_000 },
  )
  const columns = useMemo<uPlot.AlignedData | null>(
    () => (data && data.t.length > 1 ? [data.t.map((at) => at / 1000), data.mean, data.min, data.max] : null),
    [data],
  )
  const label = t('card.trendOf', { name, hours: TREND_HOURS })
  if (error && !data) return <Empty title={t('card.noTrend')} hint={error.message} />
  if (!data) return <Skeleton rows={3} />
  if (!columns) return <Empty title={t('card.noTrend')} hint={t('card.noTrendHint')} />
  return (
    <div className={styles.chart}>
      <LineChart
        data={columns}
        unit={unit}
        label={label}
        band={[2, 3]}
        series={[
          { label: t('word.mean'), color: '--accent' },
          { label: t('word.minimum'), color: '--hairline-strong' },
          { label: t('word.maximum'), color: '--hairline-strong' },
        ]}
      />
    </div>
  )
}
