/** A screen's frame: sets theme and page title, and on the desk puts the navigation above. */
import { lazy, Suspense, useLayoutEffect } from 'react'
import type { ReactNode } from 'react'

import { usePast } from '../api/past'
import { useStore } from '../api/store'
import { useText } from '../i18n/use-text'
import { appearance, setTheme } from '../styles/scale'
import type { ThemeName } from '../styles/scale'
import { Shell } from './shell'

/** Its slider and menus are fetched with the first travel. */
const PastBar = lazy(() => import('../components/past-bar').then((module) => ({ default: module.PastBar })))

export type ScreenTitle = 'login' | 'brain' | 'planning' | 'review' | 'compare' | 'devices' | 'admin'

interface Properties {
  theme: ThemeName
  title: ScreenTitle
  shell?: boolean
  children: ReactNode
}

export function Screen({ theme, title, shell = false, children }: Properties) {
  const { t } = useText()
  const current = useStore(appearance, (value) => value.theme)
  useLayoutEffect(() => setTheme(theme), [theme])
  const past = usePast()
  const name = t(`screen.${title}`)
  useLayoutEffect(() => {
    document.title = `${name} · ${t('product.name')}`
  }, [name, t])
  // The stage reads its colours when it is made: wait for the theme.
  if (current !== theme) return null
  return (
    <>
      <a className="skip-link" href="#main">
        {t('action.skip')}
      </a>
      {shell ? <Shell>{children}</Shell> : children}
      {past ? (
        <Suspense>
          <PastBar wall={!shell} />
        </Suspense>
      ) : null}
    </>
  )
}
