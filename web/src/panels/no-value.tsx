/** An indicator without a value: no points of its kind, or none that told anything at the moment shown. */
import type { Indicator } from '../api/types'
import { Empty } from '../components/states'
import { useText } from '../i18n/use-text'

export function NoValue({ indicator, title }: { indicator: Indicator | undefined; title: string }) {
  const { t, pick } = useText()
  if (!indicator?.points) return <Empty title={title} hint={t('panel.bindHint')} />
  return <Empty title={t('panel.noValue')} hint={pick(indicator.reason_zh ?? '', indicator.reason_en ?? '')} />
}
