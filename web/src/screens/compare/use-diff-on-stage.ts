/**
 * A difference on the stage: what changed in its colour, the rest as ghosts; what was deleted is shown
 * from the old version's tiles, and so is the old place or shape of the chosen object.
 */
import { useEffect } from 'react'

import type { Diff, DiffItem } from '../../api/diff'
import type { Box } from '../../api/types'
import { useToast } from '../../components/toast'
import { colorToken } from '../../styles/scale'
import { ofStates, subtract, union } from '../../tools/ranges'
import { grow } from '../../tools/stage-controller'
import type { StageController } from '../../tools/stage-controller'
import { GROUPS } from './groups'
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
    const changed = lit.flatMap((group) => group.kinds.flatMap((kind) => statesFrom(diff.ranges[kind]?.new, newLayer)))
    const gone = groups.size === 0 || groups.has('deleted') ? statesFrom(diff.ranges.deleted?.old, oldLayer) : []
    stage.setThemed(union(changed, gone))
    return () => {
      table.clearColors()
      stage.setThemed([])
    }
  }, [stage, compared, diff, groups])

  useEffect(() => {
    if (!stage || !compared || !diff) return
    const { newLayer, oldLayer } = compared
    const before = chosen?.old_ordinal === null || chosen?.old_ordinal === undefined ? null : oldLayer.base + chosen.old_ordinal
    const after = chosen?.ordinal === null || chosen?.ordinal === undefined ? null : newLayer.base + chosen.ordinal
    const elsewhere = chosen?.kinds.some((kind) => kind === 'moved' || kind === 'carried' || kind === 'reshaped') ?? false
    const kept = union(statesFrom(diff.ranges.deleted?.old, oldLayer), before !== null && elsewhere ? ofStates([before]) : [])
    stage.setVeiled(subtract([[oldLayer.base, oldLayer.base + oldLayer.count - 1]], kept))
    if (!chosen) return
    let over = false
    const states = [after ?? before].filter((state) => state !== null)
    const table = stage.viewer.state
    const colour = colorToken('--change-deleted')
    if (before !== null && elsewhere) table.color([before], colour)
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
      if (before !== null && elsewhere) table.color([before], null)
    }
  }, [stage, compared, diff, chosen, toast])
}

/** The box around an object's old and new place. */
export function around(a: Box | null, b: Box | null): Box | null {
  if (!a || !b) return a ?? b
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.min(a[2], b[2]), Math.max(a[3], b[3]), Math.max(a[4], b[4]), Math.max(a[5], b[5])]
}
