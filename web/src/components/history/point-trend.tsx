/** A point's past: its curve over a chosen span, with gaps, bad and corrected samples; zoom, values, samples to take away. */
import { Button, Segmented } from 'antd'
import { useMemo, useState } from 'react'

import { withQuery } from '../../api/client'
import type { Span } from '../../api/history'
import { formatCompact, formatMoment, formatReading, unitText } from '../../i18n/format'
import { said } from '../said'
import { useText } from '../../i18n/use-text'
import { onFirstOpen } from '../later'
import { LineChart } from '../line-chart'
import { Empty, Skeleton } from '../states'
import styles from './history.module.css'
import { readRow, trendColumns } from './trend-columns'
import { usePlot } from './use-plot'

const HOUR = 3_600_000
const SPANS = { h1: HOUR, h6: 6 * HOUR, d1: 24 * HOUR, d7: 168 * HOUR, d30: 720 * HOUR, y1: 8760 * HOUR }
type Length = keyof typeof SPANS
const CHOICES = Object.keys(SPANS) as Length[]
/** Nobody zooms closer than this. */
const LEAST_MS = 5000

interface Properties {
  pointId: string
  unit: string
  name: string
}

const HistoryDialog = onFirstOpen<Properties & { open: boolean; span: Span; onClose: (changed: boolean) => void }>(
  async () => (await import('./history-dialog')).HistoryDialog,
)

export function PointTrend(point: Properties) {
  const { t } = useText()
  const [length, setLength] = useState<Length>('h6')
  const [zoom, setZoom] = useState<Span | null>(null)
  const choose = (next: Length): void => {
    setLength(next)
    setZoom(null)
  }
  return (
    <div className={styles.trend}>
      <Segmented<Length>
        size="small"
        block
        aria-label={t('trend.span')}
        value={length}
        onChange={choose}
        options={CHOICES.map((one) => ({ value: one, label: t(`trend.${one}`) }))}
      />
      <Curve key={length} point={point} length={length} zoom={zoom} onZoom={setZoom} />
    </div>
  )
}

interface CurveProperties {
  point: Properties
  length: Length
  zoom: Span | null
  onZoom: (span: Span | null) => void
}

function Curve({ point, length, zoom, onZoom }: CurveProperties) {
  const { t, language } = useText()
  const { pointId, unit, name } = point
  const [row, setRow] = useState<number | null>(null)
  const [dialog, setDialog] = useState<Span | null>(null)
  const [version, setVersion] = useState(0)
  const { shown, error } = usePlot(pointId, SPANS[length], zoom, version)
  const columns = useMemo(() => (shown ? trendColumns(shown.plot) : null), [shown])
  if (error && !shown) return <Empty title={t('card.noTrend')} hint={said(error, t, language)} />
  if (!shown) return <Skeleton rows={3} />
  if (!columns) {
    return (
      <Empty title={t('card.noTrend')} hint={t(zoom ? 'trend.nothingHere' : 'card.noTrendHint')}>
        {zoom ? <Unzoom onZoom={onZoom} /> : null}
      </Empty>
    )
  }
  const { plot, from, to } = shown
  const read = row === null ? null : readRow(columns, row)
  const notes = [
    t('trend.samples', { count: formatCompact(plot.samples, language) }),
    ...(plot.gaps.length ? [t('trend.gaps', { count: plot.gaps.length })] : []),
    ...(plot.bad.length ? [t('trend.bad')] : []),
    ...(plot.corrected.length ? [t('trend.corrected')] : []),
    ...(plot.raw_from > from ? [t('trend.summaries')] : []),
  ]
  return (
    <>
      <div className={styles.chart}>
        <LineChart
          data={columns}
          unit={unit}
          label={t('trend.of', { name, span: t(`trend.${length}`) })}
          explore={{
            zoomed: zoom !== null,
            onRow: setRow,
            onZoom: (span) => onZoom(span && span[1] - span[0] >= LEAST_MS / 1000 ? { from: Math.floor(span[0] * 1000), to: Math.ceil(span[1] * 1000) } : null),
          }}
          series={[
            { label: name, color: '--accent' },
            { label: t('trend.bad'), color: '--severity-major', dots: true },
            { label: t('trend.corrected'), color: '--series-2', dots: true },
          ]}
        />
      </div>
      <p className={styles.notes} role="status">
        {read ? (
          <>
            {formatMoment(read.at)} <b>{`${formatReading(read.value, unit, language)} ${unitText(unit, language)}`}</b>
            {read.bad ? ` · ${t('quality.bad')}` : ''}
            {read.corrected ? ` · ${t('trend.corrected')}` : ''}
          </>
        ) : (
          notes.join(' · ')
        )}
      </p>
      <div className={styles.acts}>
        {zoom ? <Unzoom onZoom={onZoom} /> : <span>{t('trend.dragHint')}</span>}
        <Button size="small" type="link" onClick={() => setDialog({ from, to })}>
          {t('trend.details')}
        </Button>
        <Button size="small" type="link" href={withQuery('/api/v1/history/export', { point_id: pointId, from, to })} download={`${pointId.replaceAll('/', '_')}.parquet`}>
          {t('trend.export')}
        </Button>
      </div>
      <HistoryDialog
        {...point}
        open={dialog !== null}
        span={dialog ?? { from, to }}
        onClose={(changed) => {
          setDialog(null)
          if (changed) setVersion((before) => before + 1)
        }}
      />
    </>
  )
}

function Unzoom({ onZoom }: { onZoom: (span: null) => void }) {
  const { t } = useText()
  return (
    <Button size="small" onClick={() => onZoom(null)}>
      {t('trend.unzoom')}
    </Button>
  )
}
