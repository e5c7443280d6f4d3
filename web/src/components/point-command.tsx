/** What was asked of a point and what became of it, beside the value that the device reports; and asking for another. */
import { Button, InputNumber } from 'antd'
import { useState } from 'react'

import { cancelCommand, sendCommand, useLastCommand } from '../api/commands'
import { live } from '../api/live'
import { pastStore } from '../api/past'
import { usePermission } from '../api/session'
import { useStore } from '../api/store'
import { formatReading, unitText } from '../i18n/format'
import { useText } from '../i18n/use-text'
import type { CommandState } from '../live/types'
import { Age } from './age'
import styles from './object-card.module.css'
import { SeverityMark } from './severity-mark'
import type { Mark } from './severity-mark'
import { useToast } from './toast'

/** How an outcome is marked; what is still open has no mark. */
const MARKS: Partial<Record<CommandState, Mark>> = { confirmed: 'normal', refused: 'major', 'timed-out': 'minor', unknown: 'stale' }

export function PointCommand({ pointId, unit }: { pointId: string; unit: string }) {
  const { t, language } = useText()
  const toast = useToast()
  const at = useStore(pastStore, (state) => state.replay?.at ?? null)
  const last = useLastCommand(pointId, at)
  const allowed = usePermission('point.command') && at === null
  const [value, setValue] = useState<number | null>(null)
  const [busy, setBusy] = useState(false)
  const index = live.indexOf(pointId)
  const open = last?.state === 'asked' || last?.state === 'sent'
  const run = (work: Promise<void>, done: string): void => {
    setBusy(true)
    work
      .then(() => toast.done(done))
      .catch(toast.problem)
      .finally(() => setBusy(false))
  }
  return (
    <div className={styles.command}>
      {last ? (
        <p role="status" className={styles.asked} data-state={last.state}>
          {MARKS[last.state] ? <SeverityMark mark={MARKS[last.state] ?? 'stale'} size={1} /> : null}
          <span>
            {t('pointCommand.asked')} <b>{`${formatReading(last.value, unit, language)} ${unitText(unit, language)}`}</b> · {t(`pointCommand.state.${last.state}`)} ·{' '}
            <Age at={last.ended_at ?? last.asked_at} />
            {last.reason ? <small>{last.reason}</small> : null}
          </span>
        </p>
      ) : null}
      {allowed ? (
        <form
          className={styles.ask}
          onSubmit={(event) => {
            event.preventDefault()
            if (value !== null) run(sendCommand(pointId, value), t('pointCommand.sent'))
          }}
        >
          <InputNumber
            size="small"
            aria-label={t('pointCommand.value')}
            placeholder={t('pointCommand.value')}
            value={value}
            min={live.columns?.min[index] ?? undefined}
            max={live.columns?.max[index] ?? undefined}
            onChange={setValue}
          />
          <Button size="small" type="primary" htmlType="submit" disabled={value === null || open} loading={busy}>
            {t('pointCommand.send')}
          </Button>
          {open && last ? (
            <Button size="small" onClick={() => run(cancelCommand(last), t('pointCommand.cancelled'))}>
              {t('pointCommand.cancel')}
            </Button>
          ) : null}
        </form>
      ) : null}
    </div>
  )
}
