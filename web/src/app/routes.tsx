/** Addresses of the application; each screen is loaded when it is opened. */
import { lazy, Suspense } from 'react'
import type { ComponentType } from 'react'
import { BrowserRouter, matchPath, Navigate, Route, Routes } from 'react-router-dom'

import { sessionStore } from '../api/session'
import { ErrorBoundary } from '../components/error-boundary'
import { fetchScene } from '../components/use-park'
import { useText } from '../i18n/use-text'
import type { ThemeName } from '../styles/scale'
import { Gate } from './gate'
import { Screen } from './screen'
import type { ScreenTitle } from './screen'

interface Place {
  path: string
  title: ScreenTitle
  theme: ThemeName
  /** It has a 3D stage: the viewer is fetched with it, not after it. */
  stage?: boolean
  load: () => Promise<ComponentType>
}

const LOGIN: Place = { path: '/login', title: 'login', theme: 'desk', load: async () => (await import('../screens/login/login-screen')).LoginScreen }

const PLACES: readonly Place[] = [
  { path: '/brain', title: 'brain', theme: 'wall', stage: true, load: async () => (await import('../screens/brain/brain-screen')).BrainScreen },
  { path: '/planning', title: 'planning', theme: 'desk', stage: true, load: async () => (await import('../screens/planning/planning-screen')).PlanningScreen },
  { path: '/review/:submission?', title: 'review', theme: 'desk', load: async () => (await import('../screens/review/review-screen')).ReviewScreen },
  { path: '/review/layers/:layer', title: 'review', theme: 'desk', stage: true, load: async () => (await import('../screens/review/order-desk')).OrderScreen },
  { path: '/compare', title: 'compare', theme: 'desk', stage: true, load: async () => (await import('../screens/compare/compare-screen')).CompareScreen },
  { path: '/devices/:device?', title: 'devices', theme: 'desk', load: async () => (await import('../screens/devices/devices-screen')).DevicesScreen },
  { path: '/admin/layers/:layer/georef', title: 'admin', theme: 'desk', load: async () => (await import('../screens/georef/georef-screen')).GeorefScreen },
  { path: '/admin/:page?', title: 'admin', theme: 'desk', load: async () => (await import('../screens/admin/admin-screen')).AdminScreen },
]

const HOME = '/brain'

const placeAt = (pathname: string) => [LOGIN, ...PLACES].find(({ path }) => matchPath(path, pathname === '/' ? HOME : pathname))

/** Fetch what an address will show, before it is asked who is there. */
export function fetchScreen(pathname: string): void {
  const place = placeAt(pathname)
  // A failure is told where the screen is shown.
  place?.load().catch(() => undefined)
  if (place?.stage) import('../viewer').catch(() => undefined)
}

/** Fetch what a screen with a stage will ask for, now that somebody is signed in. */
export function fetchData(pathname: string): void {
  if (sessionStore.get().session && placeAt(pathname)?.stage) fetchScene()
}

const routeOf = ({ path, title, theme, load }: Place) => {
  const Content = lazy(async () => ({ default: await load() }))
  return <Route key={path} path={path} element={<Shown key={path} title={title} theme={theme} content={Content} />} />
}

const login = routeOf(LOGIN)
const places = PLACES.map(routeOf)

function Shown({ title, theme, content: Content }: { title: ScreenTitle; theme: ThemeName; content: ComponentType }) {
  const { t } = useText()
  return (
    <ErrorBoundary title={t('state.screenFailed')} retry={() => location.reload()}>
      <Screen theme={theme} title={title} shell={theme === 'desk' && title !== 'login'}>
        <Content />
      </Screen>
    </ErrorBoundary>
  )
}

export function Router() {
  return (
    <BrowserRouter>
      <Suspense>
        <Routes>
          {login}
          <Route element={<Gate />}>
            <Route index element={<Navigate to={HOME} replace />} />
            {places}
            <Route path="*" element={<Navigate to={HOME} replace />} />
          </Route>
        </Routes>
      </Suspense>
    </BrowserRouter>
  )
}
