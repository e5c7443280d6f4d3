/** Open alarms counted by cause, storey, system or object; a click flies to the worst of a group. */
import { Segmented } from 'antd'
import { useState } from 'react'

import { GROUPINGS, SEVERITIES, useAlarmGroups } from '../../api/alarms'
import type { Grouping } from '../../api/alarms'
import type { AlarmGroup } from '../../api/types'
import { SeverityMark } from '../../components/severity-mark'
import { useStage } from '../../components/stage-context'
import { Empty, ErrorCard, Skeleton } from '../../components/states'
import { useToast } from '../../components/toast'
import { useText } from '../../i18n/use-text'
import { goToAlarm } from '../../tools/go-to-alarm'
import styles from './alarm-desk.module.css'

export function GroupsTab() {
  const { t } = useText()
  const [by, setBy] = useState<Grouping>('cause')
  return (
    <>
      <Segmented<Grouping>
        value={by}
        onChange={setBy}
        aria-label={t('alarmGroup.by')}
        options={GROUPINGS.map((one) => ({ value: one, label: t(`alarmGroup.${one}`) }))}
      />
      <Groups by={by} />
    </>
  )
}

function Groups({ by }: { by: Grouping }) {
  const { t } = useText()
  const { data, error, reload } = useAlarmGroups(by)
  if (error && !data) return <ErrorCard error={error} retry={reload} />
  if (!data) return <Skeleton />
  if (data.length === 0) return <Empty title={t('alarms.none')} hint={t('alarms.noneHint')} />
  return (
    <ul className={styles.list} aria-label={t('alarmDesk.groups')}>
      {data.map((group) => (
        <GroupRow key={group.key} group={group} by={by} />
      ))}
    </ul>
  )
}

function GroupRow({ group, by }: { group: AlarmGroup; by: Grouping }) {
  const { t, pick } = useText()
  const stage = useStage()
  const toast = useToast()
  const words = pick(group.first.message_zh, group.first.message_en)
  const title = by === 'cause' ? words : group.name || group.key || t('alarmGroup.rest')
  const counts = SEVERITIES.filter((one) => group.severities[one] > 0).map((one) => `${t(`severity.${one}`)} ${group.severities[one]}`)
  return (
    <li className={styles.item}>
      <SeverityMark mark={group.first.severity} label={t(`severity.${group.first.severity}`)} />
      <b>{group.count}</b>
      <button type="button" className={styles.go} onClick={() => stage && goToAlarm(stage, group.first).catch(toast.problem)}>
        <strong>
          <b>{title}</b>
          {group.unacknowledged > 0 ? <em>{t('alarmGroup.open', { count: group.unacknowledged })}</em> : null}
        </strong>
        <span>{counts.join(' · ')}</span>
      </button>
    </li>
  )
}
