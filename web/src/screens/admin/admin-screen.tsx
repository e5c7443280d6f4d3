/** Administration: layers, users, connections, jobs, embed tokens, audit. */
import { Tabs } from 'antd'
import { useNavigate, useParams } from 'react-router-dom'

import { useSession } from '../../api/session'
import { useText } from '../../i18n/use-text'
import styles from './admin-screen.module.css'
import { AuditPage } from './audit-page'
import { ConnectionsPage } from './connections-page'
import { EmbedPage } from './embed-page'
import { JobsPage } from './jobs-page'
import { LayersPage } from './layers-page'
import { UsersPage } from './users-page'

const PAGES = [
  { id: 'layers', permission: 'scene.read', Page: LayersPage },
  { id: 'connections', permission: 'scene.read', Page: ConnectionsPage },
  { id: 'jobs', permission: 'scene.read', Page: JobsPage },
  { id: 'users', permission: 'user.manage', Page: UsersPage },
  { id: 'embed', permission: 'embed.manage', Page: EmbedPage },
  { id: 'audit', permission: 'audit.read', Page: AuditPage },
] as const

export function AdminScreen() {
  const { t } = useText()
  const { page } = useParams()
  const navigate = useNavigate()
  const session = useSession()
  const pages = PAGES.filter((one) => session?.permissions.includes(one.permission))
  const active = pages.find((one) => one.id === page) ?? pages[0]
  return (
    <div className={`${styles.page} scroll`}>
      <h1>{t('screen.admin')}</h1>
      <Tabs
        activeKey={active?.id}
        onChange={(key) => void navigate(`/admin/${key}`)}
        destroyOnHidden
        items={pages.map(({ id, Page }) => ({ key: id, label: t(`admin.${id}`), children: <Page /> }))}
      />
    </div>
  )
}
