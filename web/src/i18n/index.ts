/** Languages: Chinese first, English beside it; the choice is remembered. Keys are typed after `zh`. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

import { en } from './en'
import type { Language } from './format'
import { zh } from './zh'

const STORED = 'parktwin.language'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof zh }
  }
}

function remembered(): Language {
  try {
    return localStorage.getItem(STORED) === 'en' ? 'en' : 'zh'
  } catch {
    return 'zh' // Storage can be forbidden; the default language still works.
  }
}

function announce(language: string): void {
  document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN'
}

export function startLanguages(): void {
  void i18next.use(initReactI18next).init({
    resources: { zh: { translation: zh }, en: { translation: en } },
    lng: remembered(),
    fallbackLng: 'zh',
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  announce(i18next.language)
}

export function setLanguage(language: Language): void {
  void i18next.changeLanguage(language)
  announce(language)
  try {
    localStorage.setItem(STORED, language)
  } catch {
    // Not remembered where storage is forbidden.
  }
}
