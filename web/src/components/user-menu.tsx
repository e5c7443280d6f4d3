/** The signed-in person: roles, notices, sign-out. */
import { LogoutOutlined, BellOutlined, UserOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useState } from 'react'

import { signOut, useSession } from '../api/session'
import { useText } from '../i18n/use-text'
import { onFirstOpen } from './later'
import { useToast } from './toast'

const NoticesDrawer = onFirstOpen<{ open: boolean; onClose: () => void }>(async () => (await import('./notices-drawer')).NoticesDrawer)

/** `short`: the mark alone; the name stands in the menu. */
export function UserMenu({ short = false }: { short?: boolean }) {
  const session = useSession()
  const toast = useToast()
  const { t } = useText()
  const [open, setOpen] = useState(false)
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
      <NoticesDrawer open={open} onClose={() => setOpen(false)} />
    </>
  )
}
