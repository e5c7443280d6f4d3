/** A verdict by shape, colour and word. */
import { useText } from '../i18n/use-text'
import { SeverityMark } from './severity-mark'
import type { Mark } from './severity-mark'

const MARKS: Record<string, Mark> = { pass: 'normal', fail: 'critical', insufficient: 'stale', manual: 'minor', na: 'stale' }

export function VerdictMark({ verdict, text = true }: { verdict: string; text?: boolean }) {
  const { t } = useText()
  if (verdict === 'none') return null
  const known = verdict in MARKS ? (verdict as 'pass' | 'fail' | 'insufficient' | 'manual' | 'na') : 'manual'
  const word = t(`verdict.${known}`)
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: '0.35em', whiteSpace: 'nowrap' }}>
      <SeverityMark mark={MARKS[known] ?? 'stale'} size={1} label={text ? undefined : word} />
      {text ? word : null}
    </span>
  )
}
