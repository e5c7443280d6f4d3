/** Findings in the model: objects in the colour of the severity, a pin each, the chosen one outlined and flown to. */
import { useEffect } from 'react'

import { SEVERITIES } from '../../api/alarms'
import { api } from '../../api/client'
import type { Finding, ObjectCard } from '../../api/types'
import { useToast } from '../../components/toast'
import { useText } from '../../i18n/use-text'
import { colorToken } from '../../styles/scale'
import { ofStates } from '../../tools/ranges'
import { grow } from '../../tools/stage-controller'
import type { StageController } from '../../tools/stage-controller'
import type { Box, Label } from '../../viewer/types'

/** Pins beyond this number only cover each other; the worst come first. */
const MOST_PINS = 200
const ROOM_M = 4

/** What of a finding the stage shows. */
export type StageFinding = Pick<Finding, 'id' | 'rule' | 'severity' | 'zh' | 'en' | 'gids' | 'states' | 'at'> & { box?: Box | null }

export function useFindingsOnStage(
  stage: StageController | null,
  items: readonly StageFinding[] | undefined,
  chosen: StageFinding | null,
): void {
  const { pick } = useText()
  const toast = useToast()

  useEffect(() => {
    if (!stage || !items) return
    const table = stage.viewer.state
    table.clearColors()
    // The worst last, so that it wins where one object has several findings.
    for (const severity of SEVERITIES.toReversed()) {
      table.color(
        items.filter((one) => one.severity === severity).flatMap((one) => one.states),
        colorToken(`--severity-${severity}`),
      )
    }
    return () => table.clearColors()
  }, [stage, items])

  useEffect(() => {
    if (!stage || !items) return
    const pins = items
      .filter((one) => one.at !== null && (!chosen || one.rule === chosen.rule))
      .toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
      .slice(0, MOST_PINS)
    stage.viewer.setLabels(
      pins.map((one): Label => ({
        id: one.id,
        position: one.at ?? [0, 0, 0],
        text: one.id === chosen?.id ? pick(one.zh, one.en) : '',
        kind: one.severity,
        priority: one.id === chosen?.id ? 1000 : 4 - SEVERITIES.indexOf(one.severity),
      })),
    )
    // `pick` follows the language; the pins are drawn anew with the next choice.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [stage, items, chosen])

  useEffect(() => {
    if (!stage || !chosen) return
    let over = false
    stage.viewer.state.highlight(chosen.states, true)
    // The walls around the element turn to ghosts, so that it can be seen where it is.
    stage.setThemed(ofStates(chosen.states))
    const fly = async (): Promise<void> => {
      const box = await boxOf(chosen)
      if (box && !over) await stage.viewer.flyTo(box)
    }
    fly().catch(toast.problem)
    return () => {
      over = true
      stage.viewer.state.highlight(chosen.states, false)
      stage.setThemed([])
    }
  }, [stage, chosen, toast])
}

async function boxOf(finding: StageFinding): Promise<Box | null> {
  if (finding.box) return grow(finding.box, 2)
  const gid = finding.gids[0]
  if (gid && finding.gids.length === 1) {
    const { box } = await api.get<ObjectCard>('/objects/card', { gid })
    if (box) return grow(box, 2)
  }
  if (!finding.at) return null
  const [x, y, z] = finding.at
  return [x - ROOM_M, y - ROOM_M, z - ROOM_M / 2, x + ROOM_M, y + ROOM_M, z + ROOM_M / 2]
}
