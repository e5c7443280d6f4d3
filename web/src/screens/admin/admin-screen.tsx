/** Administration: layers, users, connections, mapping, jobs, embed tokens, audit. */
import { App, Tabs } from 'antd'
import { lazy, Suspense } from 'react'
import { useNavigate, useParams } from 'react-router-dom'

import { useSession } from '../../api/session'
import { Waiting } from '../../components/states'
import { useText } from '../../i18n/use-text'
import styles from './admin-screen.module.css'

const PAGES = [
  { id: 'layers', permission: 'scene.read', Page: lazy(async () => ({ default: (await import('./layers-page')).LayersPage })) },
  { id: 'connections', permission: 'scene.read', Page: lazy(async () => ({ default: (await import('./connections-page')).ConnectionsPage })) },
  { id: 'mappings', permission: 'connector.manage', Page: lazy(async () => ({ default: (await import('./mappings-page')).MappingsPage })) },
  { id: 'jobs', permission: 'scene.read', Page: lazy(async () => ({ default: (await import('./jobs-page')).JobsPage })) },
  { id: 'users', permission: 'user.manage', Page: lazy(async () => ({ default: (await import('./users-page')).UsersPage })) },
  { id: 'embed', permission: 'embed.manage', Page: lazy(async () => ({ default: (await import('./embed-page')).EmbedPage })) },
  { id: 'audit', permission: 'audit.read', Page: lazy(async () => ({ default: (await import('./audit-page')).AuditPage })) },
] as const

export function AdminScreen() {
  const { t } = useText()
  const { page } = useParams()
  const navigate = useNavigate()
  const session = useSession()
  const pages = PAGES.filter((one) => session?.permissions.includes(one.permission))
  const active = pages.find((one) => one.id === page) ?? pages[0]
  return (
    // What asks back before it acts does so in antd's App.
    <App component="div" className={`${styles.page} scroll`}>
      <h1>{t('screen.admin')}</h1>
      <Tabs
        activeKey={active?.id}
        onChange={(key) => void navigate(`/admin/${key}`)}
        destroyOnHidden
        items={pages.map(({ id, Page }) => ({ key: id, label: t(`admin.${id}`), children: <Suspense fallback={<Waiting />}><Page /></Suspense> }))}
      />
    </App>
  )
}
