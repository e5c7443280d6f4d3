/** The screens of the navigation and the permission each one needs. */
import { useSession } from '../api/session'

export interface ScreenLink {
  id: 'brain' | 'planning' | 'review' | 'compare' | 'devices' | 'admin'
  path: string
  /** One of these opens it. */
  permissions: readonly string[]
}

export const SCREENS: readonly ScreenLink[] = [
  { id: 'brain', path: '/brain', permissions: ['scene.read'] },
  { id: 'planning', path: '/planning', permissions: ['scene.read'] },
  { id: 'review', path: '/review', permissions: ['submission.read', 'submission.create'] },
  { id: 'compare', path: '/compare', permissions: ['scene.read'] },
  { id: 'devices', path: '/devices', permissions: ['device.read'] },
  { id: 'admin', path: '/admin', permissions: ['user.manage', 'audit.read', 'layer.publish'] },
]

export function useScreenAllowed(): (screen: ScreenLink) => boolean {
  const session = useSession()
  return (screen) => screen.permissions.some((permission) => session?.permissions.includes(permission))
}
