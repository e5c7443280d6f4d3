/** A critical alarm pulls the stage of a wall that nobody is using; the notice above the stage says so and returns. */
import { useEffect } from 'react'

import { onAlarmEvent } from '../../api/live'
import { useToast } from '../../components/toast'
import { pullsStage } from '../../tools/alarm-pull'
import { goToAlarm } from '../../tools/go-to-alarm'
import type { StageController } from '../../tools/stage-controller'

const TOUCHES = ['pointerdown', 'pointermove', 'wheel', 'keydown'] as const

export function useAlarmPull(stage: StageController | null): void {
  const toast = useToast()
  useEffect(() => {
    if (!stage) return
    // Whoever opened the screen has just used it.
    let touchedAt = performance.now()
    const touch = (): void => {
      touchedAt = performance.now()
    }
    for (const name of TOUCHES) window.addEventListener(name, touch, { passive: true, capture: true })
    const stop = onAlarmEvent((event, alarm) => {
      const { away, storey, isolated, selected, section, tool, navigation } = stage.store.get()
      const busy = away || storey !== null || isolated !== null || selected !== null || section !== null || tool !== 'select' || navigation !== 'orbit'
      if (pullsStage(event, alarm, { touchedAt, now: performance.now(), busy })) goToAlarm(stage, alarm).catch(toast.problem)
    })
    return () => {
      stop()
      for (const name of TOUCHES) window.removeEventListener(name, touch, { capture: true })
    }
  }, [stage, toast])
}
