/** Devices that answer, answered once, or never did. */
import { live } from '../api/live'
import { Donut } from '../components/donut'
import { Empty } from '../components/states'
import { useLive } from '../components/use-live'
import { formatNumber } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { deviceHealth } from '../tools/live-sums'
import styles from './panel.module.css'

export function DevicesPanel() {
  const { t, language } = useText()
  const health = useLive(() => deviceHealth(live), 'devices', 0.5)
  if (health.total === 0) return <Empty title={t('panel.noDevices')} hint={t('panel.bindHint')} />
  const share = (health.online / health.total) * 100
  return (
    <div className={styles.row}>
      <Donut
        size={6}
        label={t('panel.devicesLabel', { online: health.online, total: health.total })}
        shares={[
          { key: 'online', value: health.online, color: 'var(--severity-normal)' },
          { key: 'stale', value: health.stale, color: 'var(--severity-minor)' },
          { key: 'silent', value: health.silent, color: 'var(--severity-stale)' },
        ]}
      >
        <span className={styles.middle}>{formatNumber(Math.floor(share * 10) / 10, language, share > 99 && share < 99.95 ? 1 : 0)}%</span>
        <small>{t('panel.online')}</small>
      </Donut>
      <ul className={styles.key}>
        <li>
          <i style={{ background: 'var(--severity-minor)' }} /> {t('quality.stale')} <b>{formatNumber(health.stale, language)}</b>
        </li>
        <li>
          <i className="hatched" style={{ background: 'var(--severity-stale)' }} /> {t('panel.silent')} <b>{formatNumber(health.silent, language)}</b>
        </li>
      </ul>
    </div>
  )
}
