/** The cards of notices: shown one after another as they come. */
import { notification } from 'antd'
import { useEffect } from 'react'

import { useStore } from '../api/store'
import { SeverityMark } from './severity-mark'
import { cards } from './toast'

const MOST = 4

export function ToastCards() {
  const [shown, holder] = notification.useNotification({ maxCount: MOST })
  const waiting = useStore(cards, (value) => value.waiting)
  useEffect(() => {
    if (waiting.length === 0) return
    cards.set({ waiting: [] })
    for (const { notice, action } of waiting) {
      const urgent = notice.mark === 'critical'
      shown.open({
        title: notice.title,
        description: notice.detail,
        actions: action,
        icon: <SeverityMark mark={notice.mark} />,
        placement: 'topRight',
        duration: urgent ? 12 : 5,
        role: urgent ? 'alert' : 'status',
      })
    }
  }, [waiting, shown])
  return holder
}
