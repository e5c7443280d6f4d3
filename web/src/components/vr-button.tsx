/** Enter the park with a headset; there is no button where there is no headset. */
import { Button } from 'antd'
import { useEffect, useState } from 'react'

import { useText } from '../i18n/use-text'
import { useStage } from './stage-context'
import { useToast } from './toast'
import { useHeadsetState } from './use-headset'

export function VrButton() {
  const stage = useStage()
  const toast = useToast()
  const { t } = useText()
  const state = useHeadsetState()
  const [presenting, setPresenting] = useState(false)
  useEffect(() => stage?.viewer.on('headset', (event) => setPresenting(event.presenting)), [stage])
  if (state !== 'ready' || !stage) return null
  const press = async (): Promise<void> => {
    const headset = await stage.viewer.use('headset')
    await (headset.presenting ? headset.leave() : headset.enter())
  }
  return (
    <Button type={presenting ? 'primary' : 'default'} title={t('vr.hint')} onClick={() => press().catch(toast.problem)}>
      {t(presenting ? 'vr.leave' : 'vr.enter')}
    </Button>
  )
}
