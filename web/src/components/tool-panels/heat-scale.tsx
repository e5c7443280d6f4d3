/** Ramp, limits, unit, time and points of the heat map. */
import { live } from '../../api/live'
import { formatClock, formatNumber, NO_VALUE, unitText } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { rampGradient } from '../../tools/ramps'
import type { HeatLegend } from '../../tools/overlays/heat-keeper'
import { useLive } from '../use-live'
import styles from './tool-panel.module.css'

export function HeatScale({ legend }: { legend: HeatLegend }) {
  const { t, language } = useText()
  const at = useLive(() => live.frameAt, 'frame', 1)
  const { choice, ramp, low, high, unit, fresh, total } = legend
  return (
    <div className={styles.field} role="group" aria-label={t('heat.legend')}>
      <div className={styles.between}>
        <span className={styles.value}>
          {t(`heat.${choice.quantity}`)} {unit ? <small>{unitText(unit, language)}</small> : null}
        </span>
        <span className={styles.hint}>{at > 0 ? formatClock(at) : NO_VALUE}</span>
      </div>
      <div className={styles.ramp} style={{ background: rampGradient(ramp) }} />
      <div className={styles.between}>
        {[low, (low + high) / 2, high].map((value, place) => (
          <span key={place}>{formatNumber(value, language)}</span>
        ))}
      </div>
      <span className={styles.hint}>{t('heat.fresh', { fresh, total })}</span>
    </div>
  )
}
