/** The way into the past: a button that opens time travel. */
import { HistoryOutlined } from '@ant-design/icons'
import { Button } from 'antd'

import { connection, live } from '../api/live'
import { pastStore } from '../api/past'
import { useStore } from '../api/store'
import { useText } from '../i18n/use-text'

const HOUR_MS = 3_600_000

/** Opens the past an hour ago; nothing while it is open already. */
export function PastButton() {
  const { t } = useText()
  const open = useStore(pastStore, (state) => state.replay !== null)
  if (open) return null
  return (
    <Button
      type="text"
      size="small"
      icon={<HistoryOutlined />}
      aria-label={t('past.open')}
      title={t('past.open')}
      onClick={() => connection.replay({ from: Math.round(live.time() - HOUR_MS), speed: 60 })}
    />
  )
}
