/** The right-click menu on objects of the stage. */
import { Dropdown } from 'antd'
import type { MenuProps } from 'antd'
import { useEffect, useState } from 'react'

import { api } from '../api/client'
import type { ObjectItem } from '../api/types'
import { useText } from '../i18n/use-text'
import type { Pick } from '../viewer/types'
import { copyText } from './copy'
import { ofChosen, ofObject, openExport } from './exporting'
import { useStage } from './stage-context'
import { useToast } from './toast'

interface Opened {
  pick: Pick
  x: number
  y: number
}

export function StageMenu() {
  const stage = useStage()
  const toast = useToast()
  const { t } = useText()
  const [opened, setOpened] = useState<Opened | null>(null)

  useEffect(() => {
    if (!stage) return
    return stage.viewer.on('contextmenu', ({ pick, event }) => {
      event.preventDefault()
      setOpened(pick ? { pick, x: event.clientX, y: event.clientY } : null)
      const among = stage.store.get().chosen.some((one) => one.gid === pick?.gid)
      if (pick && !among) stage.choose(pick.gid, pick.state)
    })
  }, [stage])

  if (!stage || !opened) return null
  const { pick } = opened
  const items: MenuProps['items'] = [
    { key: 'fly', label: t('menu.fly') },
    { key: 'isolate', label: t('menu.isolate') },
    { key: 'hide', label: t('menu.hide') },
    { key: 'xray', label: t('menu.xray') },
    { type: 'divider' },
    { key: 'export', label: t('menu.export') },
    { key: 'copy', label: t('menu.copyId') },
    { key: 'properties', label: t('menu.properties') },
  ]
  const run = (key: string): void => {
    setOpened(null)
    if (key === 'fly') void api.get<ObjectItem>('/objects/card', { gid: pick.gid }).then((item) => stage.reveal(item), toast.problem)
    else if (key === 'isolate') stage.toggleIsolate()
    else if (key === 'hide') stage.hideSelected()
    else if (key === 'xray') stage.toggleXray()
    else if (key === 'export') {
      void api.get<ObjectItem>('/objects/card', { gid: pick.gid }).then(
        (item) => openExport(...ofChosen(stage, t), ofObject(item, t)),
        toast.problem,
      )
    } else if (key === 'copy') void copyText(pick.gid).then(() => toast.done(t('toast.copied')))
    else stage.choose(pick.gid, pick.state)
  }
  return (
    <Dropdown
      open
      trigger={['click']}
      onOpenChange={(open) => {
        if (!open) setOpened(null)
      }}
      menu={{ items, onClick: ({ key }) => run(key), autoFocus: true }}
    >
      <span style={{ position: 'fixed', left: opened.x, top: opened.y, width: 1, height: 1 }} />
    </Dropdown>
  )
}
