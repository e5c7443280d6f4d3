/** Where a connector stands, as mark and word. */
import { SeverityMark } from '../../components/severity-mark'
import type { Mark } from '../../components/severity-mark'
import { useText } from '../../i18n/use-text'
import styles from './admin-screen.module.css'

const MARKS: Record<string, Mark> = { connected: 'normal', connecting: 'minor', failed: 'critical', stopped: 'stale' }
const STATES = ['connected', 'connecting', 'failed', 'stopped'] as const

export function ConnectorMark({ state }: { state: string }) {
  const { t } = useText()
  return (
    <span className={styles.state}>
      <SeverityMark mark={MARKS[state] ?? 'stale'} size={1} />
      {isKnown(state) ? t(`connectorState.${state}`) : state}
    </span>
  )
}

function isKnown(state: string): state is (typeof STATES)[number] {
  return (STATES as readonly string[]).includes(state)
}
