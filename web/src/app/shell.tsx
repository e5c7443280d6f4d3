/** Navigation of the desk screens. */
import type { ReactNode } from 'react'
import { NavLink } from 'react-router-dom'

import { ErrorBoundary } from '../components/error-boundary'
import { Logo } from '../components/logo'
import { ConnectionMark } from '../components/connection'
import { PastButton } from '../components/past-button'
import { LanguageSwitch } from '../components/language-switch'
import { SimulatedBadge } from '../components/simulated-badge'
import { UserMenu } from '../components/user-menu'
import { usePark } from '../components/use-park'
import { useWindowSize } from '../components/use-window-size'
import { useText } from '../i18n/use-text'
import { SCREENS, useScreenAllowed } from '../components/screens'
import styles from './shell.module.css'

/** CSS px, as in the style sheet: narrower, words of the header give way to marks. */
const NARROW = 768

export function Shell({ children }: { children: ReactNode }) {
  const { t, pick } = useText()
  const { data: park } = usePark()
  const allowed = useScreenAllowed()
  const narrow = useWindowSize().width < NARROW
  return (
    <div className={styles.shell}>
      <header className={styles.top}>
        <div className={styles.brand}>
          <Logo />
          {park ? pick(park.name, park.name_en) : t('product.name')}
        </div>
        <nav className={styles.nav} aria-label={t('nav.label')}>
          {SCREENS.filter(allowed).map((screen) => (
            <NavLink key={screen.id} to={screen.path}>
              {t(`screen.${screen.id}`)}
            </NavLink>
          ))}
        </nav>
        <div className={styles.side}>
          <SimulatedBadge />
          <ConnectionMark />
          <PastButton />
          <LanguageSwitch short={narrow} />
          <UserMenu short={narrow} />
        </div>
      </header>
      <main id="main" className={styles.main} tabIndex={-1}>
        <ErrorBoundary title={t('state.screenFailed')}>{children}</ErrorBoundary>
      </main>
    </div>
  )
}
