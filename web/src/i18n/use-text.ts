/** Words in the chosen language: `t` for our own texts, `pick` for pairs that the server sends. */
import { useTranslation } from 'react-i18next'

import type { Language } from './format'
import type { zh } from './zh'

/** The texts' tree, for keys that are made of a prefix and what the server sends. */
export type Words = typeof zh

export type Text = ReturnType<typeof useText>['t']

export function useText() {
  const { t, i18n } = useTranslation()
  const language: Language = i18n.language === 'en' ? 'en' : 'zh'
  const pick = (zh: string | null | undefined, en: string | null | undefined): string =>
    (language === 'en' ? en || zh : zh || en) ?? ''
  return { t, language, pick }
}
