/** What went wrong, as a sentence in a language: ours for a server that is away, the server's otherwise. */
import type { Problem } from '../api/problem'
import type { Failure } from '../api/types'
import type { Language } from '../i18n/format'
import type { Text } from '../i18n/use-text'

export function said(error: Problem | Error, t: Text, language: Language): string {
  if ('offline' in error && error.offline) return t('state.offline')
  return (language === 'zh' && 'zh' in error && error.zh) || error.message
}

/** Why a job failed, or undefined where it does not say. */
export function failureSaid(failure: Failure | null | undefined, language: Language): string | undefined {
  return (language === 'zh' && failure?.detail_zh) || (failure?.detail ?? failure?.message)
}
