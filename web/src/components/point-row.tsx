/** One live point: name, value, unit, age; opens its past. */
import { useState } from 'react'

import { isWritable } from '../api/commands'
import { live } from '../api/live'
import type { CardPoint } from '../api/types'
import { QUALITY } from '../api/types'
import { formatReading, unitText } from '../i18n/format'
import { useText } from '../i18n/use-text'
import type { Words } from '../i18n/use-text'
import { Age } from './age'
import { PointTrend } from './history/point-trend'
import styles from './object-card.module.css'
import { PointCommand } from './point-command'
import { useLive } from './use-live'

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
  const writable = isWritable(live.columns?.role?.[live.indexOf(point.point_id)])
  const kind = kindName(point, t)
  return (
    <>
      <button type="button" className={styles.point} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className={styles.pointName} title={point.name ?? undefined}>{writable ? t('pointCommand.setOf', { kind }) : kind}</span>
        <span className={`${styles.pointValue} ${old ? styles.old : ''}`}>
          {formatReading(shown.value, point.unit, language)} <small>{unitText(point.unit, language)}</small>
        </span>
        <span className={styles.pointAge}>
          {old && shown.quality !== QUALITY.never ? `${t(QUALITY_WORDS[shown.quality] ?? 'quality.bad')} · ` : ''}
          <Age at={shown.heardAt} />
        </span>
      </button>
      {writable ? <PointCommand pointId={point.point_id} unit={point.unit ?? ''} /> : null}
      {open ? <PointTrend pointId={point.point_id} unit={point.unit ?? ''} name={point.name || kind} /> : null}
    </>
  )
}

const QUALITY_WORDS: Record<number, 'quality.stale' | 'quality.bad'> = {
  [QUALITY.stale]: 'quality.stale',
  [QUALITY.bad]: 'quality.bad',
}
