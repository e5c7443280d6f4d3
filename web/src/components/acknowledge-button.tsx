/** Acknowledge an alarm with a comment; shows who did, once done. */
import { CheckOutlined } from '@ant-design/icons'
import { Button, Input, Popover, Tooltip } from 'antd'
import { useState } from 'react'

import { acknowledge, useMayAnswer } from '../api/alarms'
import type { Alarm } from '../api/types'
import { formatMoment } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { useToast } from './toast'

export function AcknowledgeButton({ alarm }: { alarm: Alarm }) {
  const { t } = useText()
  const toast = useToast()
  const allowed = useMayAnswer()
  const [open, setOpen] = useState(false)
  const [comment, setComment] = useState('')
  const [busy, setBusy] = useState(false)

  if (alarm.acknowledged_at || alarm.state === 'acknowledged') {
    return (
      <Tooltip title={t('alarms.acknowledgedBy', { name: alarm.acknowledged_by ?? '', at: formatMoment(alarm.acknowledged_at) })}>
        <span tabIndex={0} role="img" aria-label={t('alarms.acknowledged')} style={{ color: 'var(--positive-text)' }}>
          <CheckOutlined />
        </span>
      </Tooltip>
    )
  }
  if (!allowed) return <span />
  const send = (): void => {
    setBusy(true)
    acknowledge(alarm, comment.trim())
      .then(() => {
        setOpen(false)
        setComment('')
        toast.done(t('alarms.acknowledged'))
      })
      .catch(toast.problem)
      .finally(() => setBusy(false))
  }
  return (
    <Popover
      trigger="click"
      placement="left"
      open={open}
      onOpenChange={setOpen}
      title={t('alarms.acknowledge')}
      content={
        <form
          style={{ display: 'grid', gap: 'var(--space-3)', width: '20rem' }}
          onSubmit={(event) => {
            event.preventDefault()
            send()
          }}
        >
          <Input.TextArea
            autoFocus
            rows={2}
            maxLength={500}
            value={comment}
            aria-label={t('alarms.comment')}
            placeholder={t('alarms.commentHint')}
            onChange={(event) => setComment(event.target.value)}
          />
          <Button type="primary" htmlType="submit" loading={busy}>
            {t('alarms.acknowledge')}
          </Button>
        </form>
      }
    >
      <Button size="small">{t('alarms.answer')}</Button>
    </Popover>
  )
}
