/** One operation on the ticked alarms: acknowledge, shelve, reset, out of service. */
import { Button, Input, Segmented, Select } from 'antd'
import { useState } from 'react'

import { operate, takeOutOfService } from '../../api/alarms'
import type { Target } from '../../api/alarms'
import { usePermission } from '../../api/session'
import type { Alarm } from '../../api/types'
import { useToast } from '../../components/toast'
import { useText } from '../../i18n/use-text'
import { ACTIONS, eligible, sendable, SHELVES } from '../../tools/alarm-list'
import type { Action, Shelf } from '../../tools/alarm-list'
import styles from './alarm-desk.module.css'

const TARGETS = ['point', 'object', 'rule'] as const
type TargetKind = (typeof TARGETS)[number]

function targetOf(kind: TargetKind, alarm: Alarm): Target {
  if (kind === 'rule') return { rule: alarm.rule }
  return kind === 'object' && alarm.gid ? { gid: alarm.gid } : { point_id: alarm.point_id }
}

export function ActionForm({ chosen, onDone }: { chosen: readonly Alarm[]; onDone: () => void }) {
  const { t } = useText()
  const toast = useToast()
  const mayService = usePermission('alarm.service')
  const [action, setAction] = useState<Action>('acknowledge')
  const [text, setText] = useState('')
  const [seconds, setSeconds] = useState<Shelf>(3600)
  const [target, setTarget] = useState<TargetKind>('point')
  const [busy, setBusy] = useState(false)
  const asksReason = action === 'shelve' || action === 'service'

  const act = async (): Promise<void> => {
    const note = text.trim()
    if (action === 'service') {
      const [alarm] = chosen
      if (!alarm) return
      await takeOutOfService(targetOf(target, alarm), note)
      toast.done(t('alarmAction.done', { count: 1 }))
      return
    }
    const ready = eligible(action, chosen)
    const done = await operate(ready, action === 'shelve' ? { kind: action, text: note, seconds } : { kind: action, text: note })
    if (done.items.length > 0) toast.done(t('alarmAction.done', { count: done.items.length }))
    const [first] = done.refused
    if (first) toast.notice('minor', t('alarmAction.refused', { count: done.refused.length }), first.message)
  }
  const send = (): void => {
    setBusy(true)
    act()
      .then(() => {
        setText('')
        onDone()
      })
      .catch(toast.problem)
      .finally(() => setBusy(false))
  }

  return (
    <form
      className={styles.form}
      aria-label={t('alarmAction.label')}
      onSubmit={(event) => {
        event.preventDefault()
        if (sendable(action, chosen, text)) send()
      }}
    >
      <div className={styles.row}>
        <Segmented<Action>
          value={action}
          onChange={setAction}
          options={ACTIONS.filter((one) => one !== 'service' || mayService).map((one) => ({ value: one, label: t(`alarmAction.${one}`) }))}
        />
        <span role="status">{t('alarmDesk.chosen', { count: chosen.length })}</span>
      </div>
      {action === 'shelve' ? (
        <Select<Shelf>
          value={seconds}
          onChange={setSeconds}
          aria-label={t('alarmAction.duration')}
          options={SHELVES.map((one) => ({ value: one, label: t(`alarmShelf.${one}`) }))}
        />
      ) : null}
      {action === 'service' ? (
        <div className={styles.row}>
          <Segmented<TargetKind>
            value={target}
            onChange={setTarget}
            aria-label={t('alarmAction.target')}
            options={TARGETS.map((one) => ({ value: one, label: t(`alarmAction.${one}`) }))}
          />
          {chosen.length > 1 ? <span className={styles.hint}>{t('alarmAction.one')}</span> : null}
        </div>
      ) : null}
      <div className={styles.row}>
        <Input
          style={{ flex: 1, minWidth: '12rem' }}
          maxLength={500}
          value={text}
          aria-label={asksReason ? t('alarmAction.reason') : t('alarmAction.comment')}
          placeholder={asksReason ? t('alarmAction.reason') : t('alarms.commentHint')}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="primary" htmlType="submit" loading={busy} disabled={!sendable(action, chosen, text)}>
          {t(`alarmAction.${action}`)}
        </Button>
      </div>
    </form>
  )
}
