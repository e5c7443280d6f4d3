/** Open alarms: shape, words, value against limit, age. A click flies to the object; each can be acknowledged. */
import { useStage } from '../components/stage-context'
import { ErrorCard, Empty, Skeleton } from '../components/states'
import { SeverityMark } from '../components/severity-mark'
import { Age } from '../components/age'
import { AcknowledgeButton } from '../components/acknowledge-button'
import { useAlarms } from '../api/alarms'
import { formatReading, unitText } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { goToAlarm } from '../tools/go-to-alarm'
import { useToast } from '../components/toast'
import styles from './alarms-panel.module.css'

export function AlarmsPanel() {
  const { t, language, pick } = useText()
  const stage = useStage()
  const toast = useToast()
  const { data, error, reload } = useAlarms()
  if (error && !data) return <ErrorCard error={error} retry={reload} />
  if (!data) return <Skeleton />
  if (data.length === 0) return <Empty title={t('alarms.none')} hint={t('alarms.noneHint')} />
  return (
    <ul className={`${styles.list} scroll`} tabIndex={0} aria-label={t('panel.alarms')}>
      {data.map((alarm) => (
        <li key={alarm.id} className={styles.item} data-active={alarm.state === 'active' && alarm.severity === 'critical'}>
          <SeverityMark
            mark={alarm.severity}
            label={t(`severity.${alarm.severity}`)}
            size={1.5}
            blink={alarm.severity === 'critical' && alarm.state === 'active'}
          />
          <button type="button" className={styles.go} onClick={() => stage && goToAlarm(stage, alarm).catch(toast.problem)}>
            <strong>
              <b>{pick(alarm.message_zh, alarm.message_en)}</b>
              <em>
                {alarm.state === 'cleared' ? `${t('alarms.cleared')} · ` : ''}
                <Age at={alarm.raised_at} everyMs={5000} />
              </em>
            </strong>
            {alarm.name ? <span>{alarm.name}</span> : null}
            <span>
              {t(`severity.${alarm.severity}`)} · {formatReading(alarm.value, alarm.unit, language)}
              {alarm.limit !== null ? ` / ${t('alarms.limit')} ${formatReading(alarm.limit, alarm.unit, language)}` : ''}{' '}
              {unitText(alarm.unit, language)}
            </span>
          </button>
          <AcknowledgeButton alarm={alarm} />
        </li>
      ))}
    </ul>
  )
}
