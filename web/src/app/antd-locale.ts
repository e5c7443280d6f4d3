/** The words of antd's controls in the language that is shown; fetched with its texts. */
import type { ConfigProviderProps } from 'antd'

import { withLanguage } from '../i18n'
import type { Language } from '../i18n/format'

type Locale = ConfigProviderProps['locale']

const LOCALES: Record<Language, () => Promise<{ default: Locale }>> = {
  zh: () => import('antd/locale/zh_CN'),
  en: () => import('antd/locale/en_US'),
}
const fetched: Partial<Record<Language, Locale>> = {}

withLanguage(async (language) => {
  fetched[language] = (await LOCALES[language]()).default
})

export const antdLocale = (language: Language): Locale => fetched[language]
