/** Providers around the routes: language, theme, toasts. */
import { App as AntApp, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { useMemo } from 'react'
import { RouterProvider } from 'react-router-dom'

import { useStore } from '../api/store'
import { useText } from '../i18n/use-text'
import { appearance } from '../styles/scale'
import { antdTheme } from './antd-theme'
import { router } from './routes'

export function App() {
  const { language } = useText()
  const look = useStore(appearance, (value) => value)
  const theme = useMemo(() => antdTheme(look), [look])
  return (
    <ConfigProvider locale={language === 'en' ? enUS : zhCN} theme={theme} button={{ autoInsertSpace: false }}>
      <AntApp style={{ height: '100%', color: 'inherit' }} notification={{ maxCount: 4 }}>
        <RouterProvider router={router} />
      </AntApp>
    </ConfigProvider>
  )
}
