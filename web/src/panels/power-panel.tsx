/** Power now, its last hour, and the buildings that draw it. */
import { useEffect, useMemo, useState } from 'react'

import { api } from '../api/client'
import { live } from '../api/live'
import type { PointHistory } from '../api/types'
import { BarList } from '../components/bar-list'
import { LineChart } from '../components/line-chart'
import { useStage } from '../components/stage-context'
import { Empty } from '../components/states'
import { useLive } from '../components/use-live'
import { formatNumber } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { KINDS } from '../tools/kinds'
import { summarise } from '../tools/live-sums'
import { sumHistories, TREND_MINUTES } from '../tools/power-trend'
import type { TrendPoint } from '../tools/power-trend'
import styles from './panel.module.css'
import { useBuildingSums } from './use-buildings'

const SAMPLE_MS = 2000

/** Past hour of the summed meters from history, then live samples on top. */
function usePowerTrend(pointKey: string): TrendPoint[] {
  const [trend, setTrend] = useState<TrendPoint[]>([])
  useEffect(() => {
    let over = false
    const points = live.ofKinds(KINDS.power)
    const to = Date.now() + live.skewMs
    const query = { from: to - TREND_MINUTES * 60_000, to, buckets: TREND_MINUTES }
    const ids = points.map((point) => live.columns?.point_id[point] ?? '')
    Promise.all(ids.map((id) => api.get<PointHistory>('/points/history', { ...query, point_id: id }))).then(
      (histories) => {
        if (!over) setTrend((present) => [...sumHistories(histories), ...present])
      },
      () => undefined, // The live part still shows; the panel's connection state tells the rest.
    )
    const timer = setInterval(() => {
      const { sum } = summarise(live, live.ofKinds(KINDS.power))
      if (!Number.isFinite(sum)) return
      const now = Date.now() + live.skewMs
      setTrend((before) => [...before.filter(([at]) => at > now - TREND_MINUTES * 60_000), [now, sum]])
    }, SAMPLE_MS)
    return () => {
      over = true
      clearInterval(timer)
      setTrend([])
    }
  }, [pointKey])
  return trend
}

export function PowerPanel() {
  const { t, language, pick } = useText()
  const stage = useStage()
  const total = useLive(() => summarise(live, live.ofKinds(KINDS.power)), 'power', 2)
  const solar = useLive(() => summarise(live, live.ofKinds(KINDS.solar)), 'solar', 1)
  const buildings = useBuildingSums(KINDS.power)
  const trend = usePowerTrend(String(total.total))
  const data = useMemo<[number[], number[]]>(() => [trend.map(([at]) => at / 1000), trend.map(([, value]) => value)], [trend])
  if (total.total === 0) return <Empty title={t('panel.noPower')} hint={t('panel.bindHint')} />
  return (
    <div className={styles.column}>
      <p className={styles.headline}>
        <strong>{formatNumber(total.sum, language, 0)}</strong>
        <span>kW</span>
        <span>{solar.total > 0 ? t('panel.solar', { value: formatNumber(solar.sum, language, 0) }) : null}</span>
      </p>
      <div className={styles.chart}>
        <LineChart data={data} unit="kW" label={t('panel.powerTrend')} series={[{ label: t('panel.power'), color: '--series-1', fill: true }]} />
      </div>
      <div className={styles.list}>
        <BarList
          color="var(--series-1)"
          bars={buildings.map(({ layer, summary }) => ({
            key: layer.layer,
            label: pick(layer.title, layer.title_en),
            value: Number.isFinite(summary.sum) ? summary.sum : null,
            text: formatNumber(summary.sum, language, 0),
            unit: 'kW',
            stale: summary.fresh === 0,
            onClick: () => void stage?.viewer.flyTo(layer.box),
          }))}
        />
      </div>
    </div>
  )
}
