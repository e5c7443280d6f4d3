/** Lets signed-in people through; others go to sign-in and come back afterwards. */
import { Spin } from 'antd'
import { Navigate, Outlet, useLocation } from 'react-router-dom'

import { useSession } from '../api/session'
import { ExportDialog } from '../components/export-dialog'
import { useText } from '../i18n/use-text'

export function Gate() {
  const session = useSession()
  const location = useLocation()
  const { t } = useText()
  if (session === undefined) return <Spin fullscreen description={t('state.loading')} />
  if (session === null) {
    const next = location.pathname + location.search
    return <Navigate to={next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`} replace />
  }
  return (
    <>
      <Outlet />
      <ExportDialog />
    </>
  )
}
