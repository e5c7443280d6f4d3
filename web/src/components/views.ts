/** Saved views and the tour of a stage, and views that come with the address. */
import { useEffect } from 'react'

import { readAddress, updateAddress } from '../tools/deep-link'
import { SavedViews } from '../tools/saved-views'
import type { StageController } from '../tools/stage-controller'
import { StageHistory } from '../tools/stage-history'
import { tourFromText, viewFromText } from '../tools/stage-view'
import { Tour } from '../tools/tour'
import { showView } from '../tools/view-of-stage'
import { useText } from '../i18n/use-text'
import { useToast } from './toast'

const saved = new Map<string, SavedViews>()
const tours = new WeakMap<StageController, Tour>()

export function savedViewsOf(stage: StageController): SavedViews {
  const { id } = stage.manifest.park
  let views = saved.get(id)
  if (!views) saved.set(id, (views = new SavedViews(id, localStorage)))
  return views
}

export function tourOf(stage: StageController): Tour {
  let tour = tours.get(stage)
  if (!tour) tours.set(stage, (tour = new Tour((stop) => showView(stage, stop.view))))
  return tour
}

/** Undo and redo of a stage, from the moment its tools are there. */
export function useHistory(stage: StageController | null): void {
  useEffect(() => {
    if (!stage) return
    const history = new StageHistory(stage, savedViewsOf(stage))
    stage.history = history
    return () => {
      history.dispose()
      stage.history = null
    }
  }, [stage])
}

/** Space: play the saved views, or stop. False where there is no tour. */
export function toggleTour(stage: StageController | null): boolean {
  if (!stage) return false
  const tour = tourOf(stage)
  const { stops } = savedViewsOf(stage).store.get()
  if (tour.store.get().playing) tour.stop()
  else if (stops.length > 1) void tour.play(stops)
  else return false
  return true
}

/** Whether the address asks for a whole view: then its camera and object alone mean nothing. */
export function addressHasView(): boolean {
  return readAddress('view') !== null || readAddress('tour') !== null
}

/**
 * Bring a new stage to the view or tour of the address. Once somebody moves on, the address lets go of it: it would no longer be true. A
 * tour joins the saved views and is played.
 */
export function useViewFromAddress(stage: StageController | null): void {
  const toast = useToast()
  const { t } = useText()
  useEffect(() => {
    if (!stage) return
    let stop = (): void => undefined
    const letGo = (): void => {
      stop()
      updateAddress({ view: null, tour: null })
    }
    const view = viewFromText(readAddress('view'))
    const stops = tourFromText(readAddress('tour'))
    if (stops.length > 0) {
      const views = savedViewsOf(stage)
      views.take(stops)
      letGo()
      toast.done(t('viewing.came'))
      stage.setPanel('views')
      tourOf(stage).play(stops).catch(toast.problem)
    } else if (view)
      showView(stage, view, 0).then(() => {
        stop = stage.viewer.on('camera', letGo)
      }, toast.problem)
    return () => {
      stop()
      tourOf(stage).stop()
    }
    // A change of language does not bring the view back.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [stage, toast])
}
