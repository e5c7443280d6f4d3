/** How long ago something was, by the server's clock, kept current. */
import { live } from '../api/live'
import type { Instant } from '../api/types'
import { formatAge, formatMoment, toMillis } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { useNow } from './use-live'

export function Age({ at, everyMs = 1000 }: { at: Instant | undefined; everyMs?: number }) {
  const { language } = useText()
  const now = useNow(everyMs)
  const millis = toMillis(at)
  const age = millis === null ? Number.POSITIVE_INFINITY : Math.max(0, live.time(now) - millis)
  return <time title={formatMoment(at)}>{formatAge(age, language)}</time>
}
