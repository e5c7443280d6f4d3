/** The open alarms, and what to do with those that are ticked. */
import { useState } from 'react'

import { useAlarms, useMayAnswer } from '../../api/alarms'
import { Empty, ErrorCard, Skeleton } from '../../components/states'
import { useText } from '../../i18n/use-text'
import { stillThere } from '../../tools/alarm-list'
import { ActionForm } from './action-form'
import styles from './alarm-desk.module.css'
import { AlarmList } from './alarm-list'

const NONE: ReadonlySet<string> = new Set()

export function OpenTab() {
  const { t } = useText()
  const { data, error, reload } = useAlarms()
  const [ticked, setTicked] = useState(NONE)
  const allowed = useMayAnswer()
  if (error && !data) return <ErrorCard error={error} retry={reload} />
  if (!data) return <Skeleton />
  if (data.length === 0) return <Empty title={t('alarms.none')} hint={t('alarms.noneHint')} />
  const chosen = stillThere(ticked, data)
  return (
    <>
      {allowed ? <ActionForm chosen={data.filter((alarm) => chosen.has(alarm.id))} onDone={() => setTicked(NONE)} /> : null}
      <p className={styles.hint}>{t('alarmDesk.keys')}</p>
      <AlarmList alarms={data} label={t('alarmDesk.listed')} chosen={chosen} onChoose={setTicked} />
    </>
  )
}
