/** An alarm in words: state, escalation, hidden children, value against limit, age. */
import type { Alarm } from '../api/types'
import { Age } from '../components/age'
import { formatReading, unitText } from '../i18n/format'
import { useText } from '../i18n/use-text'

export function AlarmWords({ alarm }: { alarm: Alarm }) {
  const { t, language, pick } = useText()
  const words = pick(alarm.message_zh, alarm.message_en)
  const value = formatReading(alarm.value, alarm.unit, language)
  const limit = alarm.limit === null ? '' : ` / ${t('alarms.limit')} ${formatReading(alarm.limit, alarm.unit, language)}`
  return (
    <>
      <strong>
        <b title={words}>{words}</b>
        <em>
          {alarm.state === 'active' ? '' : `${t(`alarmState.${alarm.state}`)} · `}
          <Age at={alarm.raised_at} everyMs={5000} />
        </em>
      </strong>
      {alarm.name ? <span title={alarm.name}>{alarm.name}</span> : null}
      {alarm.hidden > 0 ? <span>{t('alarmDesk.hidden', { count: alarm.hidden })}</span> : null}
      <span>
        {t(`severity.${alarm.severity}`)}
        {alarm.value === null ? '' : ` · ${value}${limit} ${unitText(alarm.unit, language)}`}
        {alarm.count > 1 ? ` · ${t('alarmDesk.times', { count: alarm.count })}` : ''}
        {alarm.escalated > 0 ? ` · ${alarm.role ? t('alarmDesk.calls', { role: roleName(alarm.role, t) }) : t('alarmDesk.escalated')}` : ''}
      </span>
    </>
  )
}

const ROLES = ['viewer', 'operator', 'planner', 'reviewer', 'administrator'] as const

/** A rule may name a role of the park, or any other word. */
function roleName(role: string, t: ReturnType<typeof useText>['t']): string {
  const known = ROLES.find((one) => one === role)
  return known ? t(`role.${known}`) : role
}
