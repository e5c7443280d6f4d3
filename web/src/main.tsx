/** Start of the application. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { App } from './app/app'
import { fetchData, fetchScreen } from './app/routes'
import { loadSession } from './api/session'
import { startLanguages } from './i18n'
import './styles/fonts'
import './styles/tokens.css'
import './styles/base.css'
import { watchScale } from './styles/scale'

const root = document.getElementById('root')
if (!root) throw new Error('index.html must contain an element with the id "root".')
// Session, screen, viewer and words travel side by side; nothing waits for another.
void loadSession().then(() => fetchData(location.pathname))
fetchScreen(location.pathname)
watchScale()
await startLanguages()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
