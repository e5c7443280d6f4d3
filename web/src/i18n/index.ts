/** Languages: Chinese first, English beside it; the choice is remembered, and only its texts are fetched. Keys are typed after `zh`. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

import type { Language } from './format'
import type { zh } from './zh'

const STORED = 'parktwin.language'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof zh }
  }
}

const TEXTS: Record<Language, () => Promise<object>> = {
  zh: async () => (await import('./zh')).zh,
  en: async () => (await import('./en')).en,
}

/** What else comes with a language, as the words of the controls: fetched before the language is shown. */
const beside: ((language: Language) => Promise<unknown>)[] = []

export function withLanguage(load: (language: Language) => Promise<unknown>): void {
  beside.push(load)
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

async function fetched(language: Language): Promise<object> {
  const [texts] = await Promise.all([TEXTS[language](), ...beside.map((load) => load(language))])
  return texts
}

/** Resolves when the remembered language can be shown. */
export async function startLanguages(): Promise<void> {
  const language = remembered()
  announce(language)
  const translation = await fetched(language)
  await i18next.use(initReactI18next).init({
    resources: { [language]: { translation } },
    lng: language,
    fallbackLng: false,
    interpolation: { escapeValue: false },
    initAsync: false,
  })
}

/** Throws where the texts cannot be fetched; the language stays what it was. */
export async function setLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) i18next.addResourceBundle(language, 'translation', await fetched(language))
  await i18next.changeLanguage(language)
  announce(language)
  try {
    localStorage.setItem(STORED, language)
  } catch {
    // Not remembered where storage is forbidden.
  }
}
