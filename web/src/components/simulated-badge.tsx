/** Says, wherever values are shown, that they come from the simulator. */
import { useText } from '../i18n/use-text'
import { usePark } from './use-park'
import styles from './simulated-badge.module.css'

export function SimulatedBadge() {
  const { t } = useText()
  const { data } = usePark()
  return data?.simulated ? <span className={styles.badge}>{t('park.simulated')}</span> : null
}
