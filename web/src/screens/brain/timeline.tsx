/** The last hour up to now with its open alarms, and the newest alarm in words. */
import { useAlarms } from '../../api/alarms'
import { live, liveStatus } from '../../api/live'
import { usePast } from '../../api/past'
import { useStore } from '../../api/store'
import type { Alarm } from '../../api/types'
import { SeverityMark } from '../../components/severity-mark'
import { useStage } from '../../components/stage-context'
import { useToast } from '../../components/toast'
import { useNow } from '../../components/use-live'
import { formatClock, toMillis } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { goToAlarm } from '../../tools/go-to-alarm'
import styles from './timeline.module.css'

const SPAN_MS = 60 * 60_000
const TICK_MS = 10 * 60_000
/** A tick closer to now than this has no room for its label. */
const LABEL_ROOM_MS = 4 * 60_000

export function Timeline() {
  const { t, pick } = useText()
  const stage = useStage()
  const toast = useToast()
  const { data: alarms } = useAlarms()
  const then = usePast()
  const connection = useStore(liveStatus, (status) => status.connection)
  const now = live.time(useNow(1000))
  const from = now - SPAN_MS
  const place = (at: number): string => `${((at - from) / SPAN_MS) * 100}%`
  const ticks = Array.from({ length: SPAN_MS / TICK_MS }, (_, index) => Math.ceil(from / TICK_MS) * TICK_MS + index * TICK_MS)
  const within = (alarms ?? []).filter((alarm) => (toMillis(alarm.raised_at) ?? 0) > from)
  const newest = (alarms ?? []).toSorted((a, b) => (toMillis(b.raised_at) ?? 0) - (toMillis(a.raised_at) ?? 0))[0]
  const go = (alarm: Alarm): void => {
    if (stage) goToAlarm(stage, alarm).catch(toast.problem)
  }
  return (
    <section className={styles.strip} aria-label={t('timeline.label')}>
      <span className={styles.now} data-live={connection === 'live' && !then}>
        {then ? t('past.badge') : connection === 'live' ? t('timeline.now') : t('timeline.lost')}
      </span>
      <div className={styles.track}>
        {ticks.map((at) => (
          <div key={at} className={styles.tick} style={{ left: place(at) }}>
            {now - at > LABEL_ROOM_MS ? <span>{formatClock(at).slice(0, 5)}</span> : null}
          </div>
        ))}
        {within.map((alarm) => (
          <button
            key={alarm.id}
            type="button"
            className={styles.event}
            style={{ left: place(toMillis(alarm.raised_at) ?? from) }}
            title={pick(alarm.message_zh, alarm.message_en)}
            aria-label={pick(alarm.message_zh, alarm.message_en)}
            onClick={() => go(alarm)}
          >
            <SeverityMark mark={alarm.severity} size={1.125} />
          </button>
        ))}
        <i className={styles.head} aria-hidden="true" />
      </div>
      {newest ? (
        <button type="button" className={styles.ticker} onClick={() => go(newest)}>
          <SeverityMark mark={newest.severity} label={t(`severity.${newest.severity}`)} />
          <span>
            {formatClock(toMillis(newest.raised_at) ?? now)} {pick(newest.message_zh, newest.message_en)}
          </span>
        </button>
      ) : (
        <span className={styles.ticker}>
          <SeverityMark mark="normal" />
          <span>{t('alarms.none')}</span>
        </span>
      )}
    </section>
  )
}
