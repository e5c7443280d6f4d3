/** Whether a device is heard: a shape, and the word beside it. */
import type { DeviceStatus } from '../../api/devices'
import { SeverityMark } from '../../components/severity-mark'
import type { Mark } from '../../components/severity-mark'
import { useText } from '../../i18n/use-text'
import styles from './devices-screen.module.css'

const MARKS: Record<DeviceStatus, Mark> = { online: 'normal', offline: 'major', unreachable: 'minor', unknown: 'stale' }

export function StatusMark({ status, retired = false }: { status: DeviceStatus; retired?: boolean }) {
  const { t } = useText()
  return (
    <span className={styles.status}>
      <SeverityMark mark={retired ? 'stale' : MARKS[status]} size={0.9} />
      {retired ? t('devices.retired') : t(`devices.status.${status}`)}
    </span>
  )
}
