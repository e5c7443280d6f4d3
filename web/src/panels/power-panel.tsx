/** Power now, its last hour, and the buildings that draw it. */
import { useEffect, useMemo, useState } from 'react'

import { useIndicator } from '../api/indicators'
import { LineChart } from '../components/line-chart'
import { ErrorCard, Skeleton } from '../components/states'
import { formatNumber, unitText } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { extendTrend } from '../tools/trend'
import type { TrendPoint } from '../tools/trend'
import { BuildingBars } from './building-bars'
import { NoValue } from './no-value'
import styles from './panel.module.css'

const SPAN_MS = 60 * 60_000

export function PowerPanel() {
  const { t, language } = useText()
  const { data: power, error, loading, reload } = useIndicator('power')
  const { data: solar } = useIndicator('solar_power')
  const [trend, setTrend] = useState<readonly TrendPoint[]>([])
  useEffect(() => {
    if (power) setTrend((before) => extendTrend(before, power, SPAN_MS))
  }, [power])
  const data = useMemo<[number[], number[]]>(() => [trend.map(([at]) => at / 1000), trend.map(([, value]) => value)], [trend])

  if (error && !power) return <ErrorCard error={error} retry={reload} />
  if (!power && loading) return <Skeleton />
  if (!power || (power.value === null && trend.length === 0)) return <NoValue indicator={power} title={t('panel.noPower')} />
  return (
    <div className={styles.column}>
      <p className={styles.headline}>
        <strong>{formatNumber(power.value, language, 0)}</strong>
        <span>{unitText(power.unit, language)}</span>
        <span>{solar && solar.value !== null ? t('panel.solar', { value: formatNumber(solar.value, language, 0) }) : null}</span>
      </p>
      <div className={styles.chart}>
        <LineChart data={data} unit={power.unit} label={t('panel.powerTrend')} series={[{ label: t('panel.power'), color: '--series-1', fill: true }]} />
      </div>
      <div className={styles.list}>
        <BuildingBars indicator={power} color="var(--series-1)" />
      </div>
    </div>
  )
}
