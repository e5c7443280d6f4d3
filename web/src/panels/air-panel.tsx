/** Outdoors: particulates, noise and temperature, each with where it has been going. */
import { useEffect, useState } from 'react'

import { live } from '../api/live'
import { usePast } from '../api/past'
import { Sparkline } from '../components/sparkline'
import { Empty } from '../components/states'
import { useLive } from '../components/use-live'
import { formatReading, unitText } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { KINDS } from '../tools/kinds'
import { summarise } from '../tools/live-sums'
import styles from './panel.module.css'

const GROUPS = [
  { id: 'pm25', kinds: KINDS.pm25, color: 'var(--series-3)' },
  { id: 'noise', kinds: KINDS.noise, color: 'var(--series-4)' },
  { id: 'outdoor', kinds: KINDS.outdoor, color: 'var(--series-6)' },
] as const

const KEPT = 90
const SAMPLE_MS = 2000

/** Samples since the screen shows the present, or this journey into the past: the two are never one line. */
function useTrails(past: boolean): Record<string, number[]> {
  const [trails, setTrails] = useState<Record<string, number[]>>({})
  useEffect(() => {
    const timer = setInterval(() => {
      setTrails((before) =>
        Object.fromEntries(
          GROUPS.map(({ id, kinds }) => {
            const { mean } = summarise(live, live.ofKinds(kinds))
            const trail = before[id] ?? []
            return [id, Number.isFinite(mean) ? [...trail, mean].slice(-KEPT) : trail]
          }),
        ),
      )
    }, SAMPLE_MS)
    return () => {
      clearInterval(timer)
      setTrails({})
    }
  }, [past])
  return trails
}

export function AirPanel() {
  const { t, language } = useText()
  const trails = useTrails(usePast())
  const groups = useLive(
    () =>
      GROUPS.map(({ id, kinds, color }) => {
        const points = live.ofKinds(kinds)
        return { id, color, unit: live.columns?.unit[points[0] ?? -1] ?? '', summary: summarise(live, points) }
      }).filter((group) => group.summary.total > 0),
    'air',
    1,
  )
  if (groups.length === 0) return <Empty title={t('panel.noAir')} hint={t('panel.bindHint')} />
  return (
    <div className={styles.cells}>
      {groups.map((group) => (
        <div key={group.id} className={styles.cell}>
          <span>{t(`panel.${group.id}`)}</span>
          <strong>
            {formatReading(group.summary.mean, group.unit, language)} <small>{unitText(group.unit, language)}</small>
          </strong>
          <Sparkline values={trails[group.id] ?? []} width={7.5} height={2} color={group.color} />
          <span>
            {t('panel.highest')} {formatReading(group.summary.max, group.unit, language)}
          </span>
        </div>
      ))}
    </div>
  )
}
