/** Puts the arrangement of schemes on the stage and lights the objects of an indicator. */
import { useEffect, useState } from 'react'

import type { ComparisonRow, SceneManifest, StateRanges } from '../../api/types'
import { useToast } from '../../components/toast'
import type { StageController } from '../../tools/stage-controller'
import { ofStates } from '../../tools/ranges'
import { statesOf } from '../../tools/states-of'
import { arrange } from './panes'
import type { Arrangement } from './panes'

/** Objects of the base that each scheme takes away, as state ranges. */
export function useHides(scene: SceneManifest | undefined): ReadonlyMap<string, StateRanges> {
  const [hides, setHides] = useState<ReadonlyMap<string, StateRanges>>(new Map())
  const toast = useToast()
  useEffect(() => {
    if (!scene) return
    let over = false
    Promise.all(
      scene.schemes.map(async (scheme): Promise<[string, StateRanges]> => [scheme.id, ofStates(await statesOf(scheme.hides, scene.revision))]),
    ).then((rows) => {
      if (!over) setHides(new Map(rows))
    }, toast.problem)
    return () => {
      over = true
    }
  }, [scene, toast])
  return hides
}

export function usePanes(stage: StageController | null, arrangement: Arrangement, hides: ReadonlyMap<string, StateRanges>): void {
  const { mode, split, shown } = arrangement
  const chosen = arrangement.chosen.join()
  useEffect(() => {
    stage?.viewer.setPanes(arrange({ mode, split, shown, chosen: chosen.split(',').filter(Boolean) }, stage.manifest.schemes, hides))
  }, [stage, mode, split, shown, chosen, hides])
}

/** Light the objects that make the open indicator's figures. */
export function useLitObjects(stage: StageController | null, row: ComparisonRow | undefined): void {
  const toast = useToast()
  useEffect(() => {
    if (!stage || !row) return
    let over = false
    let lit: number[] = []
    const gids = Object.values(row.values).flatMap((cell) => cell.objects)
    statesOf(gids, stage.manifest.revision).then((states) => {
      if (over) return
      lit = states
      stage.viewer.state.highlight(states, true)
    }, toast.problem)
    return () => {
      over = true
      stage.viewer.state.highlight(lit, false)
    }
  }, [stage, row, toast])
}
