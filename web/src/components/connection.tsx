/** Connection to the live data, in shape and words. */
import { liveStatus } from '../api/live'
import { pastStore } from '../api/past'
import { useStore } from '../api/store'
import { useText } from '../i18n/use-text'
import { SeverityMark } from './severity-mark'

export function ConnectionMark() {
  const { t } = useText()
  const connection = useStore(liveStatus, (status) => status.connection)
  const past = useStore(pastStore, (state) => state.replay !== null)
  const mark = past ? 'stale' : connection === 'live' ? 'normal' : connection === 'lost' ? 'critical' : 'stale'
  return (
    <span role="status" style={{ display: 'inline-flex', alignItems: 'center', gap: 'var(--space-2)', whiteSpace: 'nowrap' }}>
      <SeverityMark mark={mark} size={1.125} />
      {past ? t('past.badge') : t(`connection.${connection}`)}
    </span>
  )
}
