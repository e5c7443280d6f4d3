/** The latest notices, to be found again. */
import { Drawer } from 'antd'

import { useStore } from '../api/store'
import { formatClock } from '../i18n/format'
import { useText } from '../i18n/use-text'
import styles from './notices-drawer.module.css'
import { SeverityMark } from './severity-mark'
import { Empty } from './states'
import { notices } from './toast'

export function NoticesDrawer({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useText()
  const list = useStore(notices, (value) => value.list)
  return (
    <Drawer title={t('user.notices')} open={open} onClose={onClose} size="26rem">
      {list.length === 0 ? <Empty title={t('user.noNotices')} hint={t('user.noNoticesHint')} /> : null}
      <ul className={styles.notices}>
        {list.map((notice) => (
          <li key={notice.id}>
            <SeverityMark mark={notice.mark} />
            <div>
              <strong>{notice.title}</strong>
              {notice.detail ? <p>{notice.detail}</p> : null}
              <time>{formatClock(notice.at)}</time>
            </div>
          </li>
        ))}
      </ul>
    </Drawer>
  )
}
