/** What is off the list: shelved and suppressed alarms, and what is out of service, by whom and why. */
import { Button } from 'antd'
import { useState } from 'react'

import { endHold, useAlarmRules, useHeldAlarms, useHolds } from '../../api/alarms'
import { live } from '../../api/live'
import { usePermission } from '../../api/session'
import type { Alarm, AlarmHold } from '../../api/types'
import { Empty, ErrorCard, Skeleton } from '../../components/states'
import { useToast } from '../../components/toast'
import { formatMoment } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { AlarmWords } from '../alarm-words'
import styles from './alarm-desk.module.css'

export function HeldTab() {
  const { t } = useText()
  const held = useHeldAlarms()
  const holds = useHolds()
  const error = held.error ?? holds.error
  const reload = (): void => {
    held.reload()
    holds.reload()
  }
  if (error && !(held.data && holds.data)) return <ErrorCard error={error} retry={reload} />
  if (!held.data || !holds.data) return <Skeleton />
  if (held.data.length + holds.data.length === 0) return <Empty title={t('alarmDesk.none')} hint={t('alarmDesk.noneHint')} />
  return (
    <>
      <ul className={styles.list} aria-label={t('alarmDesk.held')}>
        {held.data.map((alarm) => (
          <li key={alarm.id} className={`${styles.item} ${styles.plain}`}>
            <div className={styles.go}>
              <AlarmWords alarm={alarm} />
              <Why alarm={alarm} />
            </div>
          </li>
        ))}
      </ul>
      {holds.data.length > 0 ? <h3 className={styles.head}>{t('alarmDesk.inForce')}</h3> : null}
      <ul className={styles.list} aria-label={t('alarmDesk.inForce')}>
        {holds.data.map((hold) => (
          <HoldRow key={hold.id} hold={hold} />
        ))}
      </ul>
    </>
  )
}

function Why({ alarm }: { alarm: Alarm }) {
  const { t } = useText()
  return (
    <span>
      {alarm.held_by ? t('alarmDesk.byPerson', { name: alarm.held_by, reason: alarm.held_reason }) : t('alarmDesk.byRule')}
      {alarm.shelved_until ? ` · ${t('alarmDesk.until', { at: formatMoment(alarm.shelved_until) })}` : ''}
    </span>
  )
}

function HoldRow({ hold }: { hold: AlarmHold }) {
  const { t, pick } = useText()
  const rule = useAlarmRules().find((one) => one.id === hold.rule)
  const point = hold.point_id && (live.columns?.name[live.indexOf(hold.point_id)] || hold.point_id)
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  const allowed = usePermission(hold.kind === 'shelved' ? 'alarm.acknowledge' : 'alarm.service')
  const end = (): void => {
    setBusy(true)
    endHold(hold)
      .then(() => toast.done(t('alarmDesk.ended')))
      .catch(toast.problem)
      .finally(() => setBusy(false))
  }
  return (
    <li className={`${styles.item} ${styles.plain}`}>
      <div className={styles.go}>
        <strong>
          <b title={[hold.point_id, hold.gid, hold.rule].filter(Boolean).join(' · ')}>
            {[point || hold.gid, rule ? pick(rule.message_zh, rule.message_en) : hold.rule].filter(Boolean).join(' · ')}
          </b>
          <em>{t(`alarmState.${hold.kind}`)}</em>
        </strong>
        <span>
          {t('alarmDesk.byPerson', { name: hold.author, reason: hold.reason })}
          {hold.until ? ` · ${t('alarmDesk.until', { at: formatMoment(hold.until) })}` : ''}
        </span>
      </div>
      {allowed ? (
        <Button size="small" loading={busy} onClick={end}>
          {t('alarmDesk.end')}
        </Button>
      ) : null}
    </li>
  )
}
