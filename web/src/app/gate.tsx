/** Lets signed-in people through; others go to sign-in and come back afterwards. */
import { Navigate, Outlet, useLocation } from 'react-router-dom'

import { useSession } from '../api/session'
import { ExportDialog } from '../components/export-dialog'
import { Waiting } from '../components/states'

export function Gate() {
  const session = useSession()
  const location = useLocation()
  if (session === undefined) return <Waiting />
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
