/** A screen that could not be shown at all: says so and offers to load it again. */
import { useRouteError } from 'react-router-dom'

import { ErrorCard } from '../components/states'
import { useText } from '../i18n/use-text'

export function RouteError() {
  const reason = useRouteError()
  const { t } = useText()
  const error = reason instanceof Error ? reason : new Error(String(reason))
  return (
    <main style={{ display: 'grid', placeContent: 'center', height: '100%' }}>
      <ErrorCard title={t('state.screenFailed')} error={error} retry={() => location.reload()} />
    </main>
  )
}
