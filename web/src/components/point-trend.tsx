/** A point's past: its curve over a chosen span, with gaps, bad and corrected samples, and the samples to take away. */
import { Button, Segmented } from 'antd'
import { useMemo, useState } from 'react'

import { api, withQuery } from '../api/client'
import { live } from '../api/live'
import { useResource } from '../api/resource'
import type { PointPlot } from '../api/types'
import { formatCompact } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { LineChart } from './line-chart'
import styles from './object-card.module.css'
import { Empty, Skeleton } from './states'
import { trendColumns } from './trend-columns'

const HOUR = 3_600_000
const SPANS = { h1: HOUR, h6: 6 * HOUR, d1: 24 * HOUR, d7: 168 * HOUR, d30: 720 * HOUR, y1: 8760 * HOUR }
type Span = keyof typeof SPANS
const CHOICES = Object.keys(SPANS) as Span[]
const POINTS = 400

export function PointTrend({ pointId, unit, name }: { pointId: string; unit: string; name: string }) {
  const { t } = useText()
  const [span, setSpan] = useState<Span>('h6')
  return (
    <div className={styles.trend}>
      <Segmented<Span>
        size="small"
        block
        aria-label={t('trend.span')}
        value={span}
        onChange={setSpan}
        options={CHOICES.map((one) => ({ value: one, label: t(`trend.${one}`) }))}
      />
      <Curve key={span} pointId={pointId} unit={unit} name={name} span={span} />
    </div>
  )
}

function Curve({ pointId, unit, name, span }: { pointId: string; unit: string; name: string; span: Span }) {
  const { t, language } = useText()
  const { data, error } = useResource<PointPlot>(
    `history/${pointId}/${span}`,
    () => {
      const to = Date.now() + live.skewMs
      return api.get('/history/plot', { point_id: pointId, from: to - SPANS[span], to, points: POINTS })
    },
    { everyMs: SPANS[span] > 6 * HOUR ? 120_000 : 15_000 },
  )
  const columns = useMemo(() => (data ? trendColumns(data) : null), [data])
  if (error && !data) return <Empty title={t('card.noTrend')} hint={error.message} />
  if (!data) return <Skeleton rows={3} />
  if (!columns) return <Empty title={t('card.noTrend')} hint={t('card.noTrendHint')} />
  const to = Date.now() + live.skewMs
  const file = withQuery('/api/v1/history/export', { point_id: pointId, from: to - SPANS[span], to })
  const notes = [
    t('trend.samples', { count: formatCompact(data.samples, language) }),
    ...(data.gaps.length ? [t('trend.gaps', { count: data.gaps.length })] : []),
    ...(data.bad.length ? [t('trend.bad')] : []),
    ...(data.corrected.length ? [t('trend.corrected')] : []),
    ...(data.raw_from > to - SPANS[span] ? [t('trend.summaries')] : []),
  ]
  return (
    <>
      <div className={styles.chart}>
        <LineChart
          data={columns}
          unit={unit}
          label={t('trend.of', { name, span: t(`trend.${span}`) })}
          series={[
            { label: name, color: '--accent' },
            { label: t('trend.bad'), color: '--severity-major', dots: true },
            { label: t('trend.corrected'), color: '--series-2', dots: true },
          ]}
        />
      </div>
      <div className={styles.trendFoot}>
        <span>{notes.join(' · ')}</span>
        <Button size="small" type="link" href={file} download={`${pointId.replaceAll('/', '_')}.parquet`}>
          {t('trend.export')}
        </Button>
      </div>
    </>
  )
}
