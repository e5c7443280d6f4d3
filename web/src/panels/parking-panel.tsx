/** Parking bays: taken, free, unknown. */
import { live } from '../api/live'
import { Donut } from '../components/donut'
import { Empty } from '../components/states'
import { useLive } from '../components/use-live'
import { formatNumber } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { KINDS } from '../tools/kinds'
import { summarise } from '../tools/live-sums'
import styles from './panel.module.css'

export function ParkingPanel() {
  const { t, language } = useText()
  const bays = useLive(() => summarise(live, live.ofKinds(KINDS.parking)), 'parking', 1)
  if (bays.total === 0) return <Empty title={t('panel.noParking')} hint={t('panel.bindHint')} />
  const taken = Number.isFinite(bays.sum) ? Math.round(bays.sum) : 0
  const free = bays.fresh - taken
  const unknown = bays.total - bays.fresh
  return (
    <div className={styles.row}>
      <Donut
        size={6}
        label={t('panel.parkingLabel', { taken, total: bays.total })}
        shares={[
          { key: 'taken', value: taken, color: 'var(--severity-notice)' },
          { key: 'free', value: free, color: 'var(--severity-normal)' },
          { key: 'unknown', value: unknown, color: 'var(--severity-stale)' },
        ]}
      >
        <span className={styles.middle}>{formatNumber(free, language)}</span>
        <small>{t('panel.free')}</small>
      </Donut>
      <ul className={styles.key}>
        <li>
          <i style={{ background: 'var(--severity-notice)' }} /> {t('panel.taken')} <b>{formatNumber(taken, language)}</b>
        </li>
        <li>
          <i style={{ background: 'var(--severity-normal)' }} /> {t('panel.total')} <b>{formatNumber(bays.total, language)}</b>
        </li>
      </ul>
    </div>
  )
}
