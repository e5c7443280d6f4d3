/** The signed-in person: roles, notices, sign-out. */
import { LogoutOutlined, BellOutlined, UserOutlined } from '@ant-design/icons'
import { Button, Drawer, Dropdown } from 'antd'
import { useState } from 'react'

import { signOut, useSession } from '../api/session'
import { useStore } from '../api/store'
import { formatClock } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { SeverityMark } from './severity-mark'
import { Empty } from './states'
import { notices, useToast } from './toast'
import styles from './user-menu.module.css'

/** `short`: the mark alone; the name stands in the menu. */
export function UserMenu({ short = false }: { short?: boolean }) {
  const session = useSession()
  const toast = useToast()
  const { t } = useText()
  const [open, setOpen] = useState(false)
  const list = useStore(notices, (value) => value.list)
  if (!session) return null
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'roles', disabled: true, label: [session.name || session.user, ...session.roles.map((role) => t(`role.${role}`))].join(' · ') },
            { type: 'divider' },
            { key: 'notices', icon: <BellOutlined />, label: t('user.notices') },
            { key: 'out', icon: <LogoutOutlined />, label: t('user.signOut') },
          ],
          onClick: ({ key }) => {
            if (key === 'notices') setOpen(true)
            else if (key === 'out') signOut().catch(toast.problem)
          },
        }}
      >
        <Button type="text" icon={<UserOutlined />} aria-haspopup="menu" aria-label={session.name || session.user}>
          {short ? null : session.name || session.user}
        </Button>
      </Dropdown>
      <Drawer title={t('user.notices')} open={open} onClose={() => setOpen(false)} size="26rem">
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
    </>
  )
}
