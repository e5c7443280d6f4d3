/** Providers around the routes: language, theme, toasts. */
import { ConfigProvider, theme as antd } from 'antd'
import { useMemo } from 'react'
import type { ReactNode } from 'react'

import { useStore } from '../api/store'
import { ToastHost } from '../components/toast-host'
import { useText } from '../i18n/use-text'
import { appearance } from '../styles/scale'
import { antdLocale } from './antd-locale'
import { antdTheme } from './antd-theme'
import { Router } from './routes'

export function App() {
  const { language } = useText()
  const look = useStore(appearance, (value) => value)
  const theme = useMemo(() => antdTheme(look), [look])
  return (
    <ConfigProvider locale={antdLocale(language)} theme={theme} button={{ autoInsertSpace: false }}>
      <Page>
        <Router />
      </Page>
      <ToastHost />
    </ConfigProvider>
  )
}

/** The text of the theme for all that is no control of antd's. */
function Page({ children }: { children: ReactNode }) {
  const { fontFamily, fontSize, lineHeight } = antd.useToken().token
  return <div style={{ height: '100%', fontFamily, fontSize, lineHeight }}>{children}</div>
}
