/** Open alarms: shape, words, value against limit, age. A click flies to the object; each can be acknowledged; the desk does the rest. */
import { Button } from 'antd'
import { useState } from 'react'

import { useAlarms } from '../api/alarms'
import { AcknowledgeButton } from '../components/acknowledge-button'
import { onFirstOpen } from '../components/later'
import { SeverityMark } from '../components/severity-mark'
import { useStage } from '../components/stage-context'
import { ErrorCard, Empty, Skeleton } from '../components/states'
import { useToast } from '../components/toast'
import { useText } from '../i18n/use-text'
import { goToAlarm } from '../tools/go-to-alarm'
import { AlarmWords } from './alarm-words'
import styles from './alarms-panel.module.css'

const AlarmDesk = onFirstOpen<{ open: boolean; onClose: () => void }>(async () => (await import('./alarm-desk/alarm-desk')).AlarmDesk)

export function AlarmsPanel() {
  const { t } = useText()
  const stage = useStage()
  const toast = useToast()
  const { data, error, reload } = useAlarms()
  const [desk, setDesk] = useState(false)
  if (error && !data) return <ErrorCard error={error} retry={reload} />
  if (!data) return <Skeleton />
  return (
    <div className={styles.panel}>
      <Button className={styles.desk ?? ''} size="small" type="text" onClick={() => setDesk(true)}>
        {t('alarmDesk.open')}
      </Button>
      {data.length === 0 ? (
        <Empty title={t('alarms.none')} hint={t('alarms.noneHint')} />
      ) : (
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
                <AlarmWords alarm={alarm} />
              </button>
              <AcknowledgeButton alarm={alarm} />
            </li>
          ))}
        </ul>
      )}
      <AlarmDesk open={desk} onClose={() => setDesk(false)} />
    </div>
  )
}
