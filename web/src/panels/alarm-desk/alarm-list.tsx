/** A list of alarms with a tick box each; arrow keys move, Ctrl+A ticks all, a click flies to the object. */
import { Checkbox } from 'antd'
import { useRef } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'

import type { Alarm } from '../../api/types'
import { SeverityMark } from '../../components/severity-mark'
import { useStage } from '../../components/stage-context'
import { useToast } from '../../components/toast'
import { useText } from '../../i18n/use-text'
import { rowAfter, toggled, toggledAll } from '../../tools/alarm-list'
import { goToAlarm } from '../../tools/go-to-alarm'
import { AlarmWords } from '../alarm-words'
import styles from './alarm-desk.module.css'

interface Properties {
  alarms: readonly Alarm[]
  label: string
  chosen: ReadonlySet<string>
  onChoose: (chosen: Set<string>) => void
  note?: (alarm: Alarm) => ReactNode
}

export function AlarmList({ alarms, label, chosen, onChoose, note }: Properties) {
  const { t, pick } = useText()
  const stage = useStage()
  const toast = useToast()
  const list = useRef<HTMLUListElement>(null)

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      onChoose(toggledAll(chosen, alarms))
      return
    }
    const boxes = [...(list.current?.querySelectorAll<HTMLInputElement>('input[type=checkbox]') ?? [])]
    const row = boxes.findIndex((box) => box.closest('li')?.contains(document.activeElement))
    const next = rowAfter(event.key, row, boxes.length)
    if (next === null) return
    event.preventDefault()
    boxes[next]?.focus()
  }

  return (
    <ul ref={list} className={styles.list} aria-label={label} onKeyDown={onKeyDown}>
      {alarms.map((alarm) => (
        <li key={alarm.id} className={styles.item}>
          <Checkbox
            checked={chosen.has(alarm.id)}
            aria-label={t('alarmDesk.choose', { name: alarm.name || pick(alarm.message_zh, alarm.message_en) })}
            onChange={() => onChoose(toggled(chosen, alarm.id))}
          />
          <SeverityMark mark={alarm.severity} label={t(`severity.${alarm.severity}`)} />
          <button type="button" className={styles.go} onClick={() => stage && goToAlarm(stage, alarm).catch(toast.problem)}>
            <AlarmWords alarm={alarm} />
            {note?.(alarm)}
          </button>
        </li>
      ))}
    </ul>
  )
}
