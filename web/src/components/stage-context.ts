/** The stage of the present screen; null while it loads or when it could not start. */
import { createContext, useContext } from 'react'

import { createStore, useStore } from '../api/store'
import type { StageController, StageState } from '../tools/stage-controller'

export const StageContext = createContext<StageController | null>(null)

export function useStage(): StageController | null {
  return useContext(StageContext)
}

const NONE = createStore<Partial<StageState>>({})

/** A part of the stage's state; `fallback` while there is no stage. */
export function useStageState<R>(select: (state: StageState) => R, fallback: R): R {
  const stage = useStage()
  return useStore<Partial<StageState>, R>(stage?.store ?? NONE, (state) => (stage ? select(state as StageState) : fallback))
}
