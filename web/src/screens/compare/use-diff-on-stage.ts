/**
 * A difference on the stage: what changed in its colour, the rest as ghosts; what was deleted is shown
 * from the old version's tiles, and so is the old place or shape of the chosen object.
 */
import { useEffect } from 'react'

import type { Diff, DiffItem, DiffKind } from '../../api/diff'
import type { Box, SceneLayer } from '../../api/types'
import { useToast } from '../../components/toast'
import { colorToken } from '../../styles/scale'
import { ofStates, subtract, union } from '../../tools/ranges'
import { grow } from '../../tools/stage-controller'
import type { StageController } from '../../tools/stage-controller'
import { GROUPS, kindsOf } from './groups'
import { statesFrom } from './scene'
import type { ComparedScene } from './scene'

const ROOM_M = 2

export function useDiffOnStage(
  stage: StageController | null,
  compared: ComparedScene | null,
  diff: Diff | undefined,
  groups: ReadonlySet<string>,
  chosen: DiffItem | null,
): void {
  const toast = useToast()

  useEffect(() => {
    if (!stage || !compared || !diff) return
    const { newLayer, oldLayer } = compared
    const table = stage.viewer.state
    const lit = GROUPS.filter((group) => groups.size === 0 || groups.has(group.id))
    // The strongest last, so that its colour wins where one object changed in several ways.
    for (const group of lit.toReversed()) {
      const colour = colorToken(`--change-${group.id}`)
      for (const kind of group.kinds) {
        const ranges = diff.ranges[kind]
        table.colorRanges(kind === 'deleted' ? statesFrom(ranges?.old, oldLayer) : statesFrom(ranges?.new, newLayer), colour)
      }
    }
    return () => table.clearColors()
  }, [stage, compared, diff, groups])

  useEffect(() => {
    if (!stage || !compared || !diff) return
    const { newLayer, oldLayer } = compared
    const deleted = statesFrom(diff.ranges.deleted?.old, oldLayer)
    const changed = kindsOf(groups).flatMap((kind) => statesFrom(diff.ranges[kind]?.new, newLayer))
    const gone = groups.size === 0 || groups.has('deleted') ? deleted : []
    const before = oldState(chosen, oldLayer)
    // The old place stands in full; an old shape, which lies in the new one, only as a ghost.
    stage.setThemed(union(changed, gone, before !== null && chosen?.kinds.some(isMove) ? ofStates([before]) : []))
    stage.setVeiled(subtract([[oldLayer.base, oldLayer.base + oldLayer.count - 1]], union(deleted, before === null ? [] : ofStates([before]))))
    return () => stage.setThemed([])
  }, [stage, compared, diff, groups, chosen])

  useEffect(() => {
    if (!stage || !compared || !chosen) return
    const { newLayer, oldLayer } = compared
    let over = false
    const before = oldState(chosen, oldLayer)
    const state = chosen.ordinal === null ? before : newLayer.base + chosen.ordinal
    const states = state === null ? [] : [state]
    const table = stage.viewer.state
    if (before !== null) table.color([before], colorToken('--change-deleted'))
    table.highlight(states, true)
    const box = around(chosen.box, chosen.old_box)
    if (box) {
      stage.viewer.flyTo(grow(box, ROOM_M)).catch((error: unknown) => {
        if (!over) toast.problem(error)
      })
    }
    return () => {
      over = true
      table.highlight(states, false)
      if (before !== null && chosen.ordinal !== null) table.color([before], null)
    }
  }, [stage, compared, chosen, toast])
}

function isMove(kind: DiffKind): boolean {
  return kind === 'moved' || kind === 'carried'
}

/** The old version's object, where it stands elsewhere, looks different or is gone; null where it would only lie in the new one. */
function oldState(chosen: DiffItem | null, oldLayer: SceneLayer): number | null {
  if (!chosen || chosen.old_ordinal === null) return null
  return chosen.kinds.some((kind) => isMove(kind) || kind === 'reshaped' || kind === 'deleted') ? oldLayer.base + chosen.old_ordinal : null
}

/** The box around an object's old and new place. */
export function around(a: Box | null, b: Box | null): Box | null {
  if (!a || !b) return a ?? b
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.min(a[2], b[2]), Math.max(a[3], b[3]), Math.max(a[4], b[4]), Math.max(a[5], b[5])]
}
