/** Start of the application. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { App } from './app/app'
import { loadSession } from './api/session'
import { startLanguages } from './i18n'
import './styles/fonts'
import './styles/tokens.css'
import './styles/base.css'
import { watchScale } from './styles/scale'

startLanguages()
watchScale()
void loadSession()

const root = document.getElementById('root')
if (!root) throw new Error('index.html must contain an element with the id "root".')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
