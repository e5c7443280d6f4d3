/** Keeps lines of flow on the stage: those of the chosen layers, but for the media that are switched off. */
import { createStore } from '../../api/store'
import { lengths } from '../../viewer/overlays/ribbon'
import type { StageController } from '../stage-controller'
import type { FlowChoice } from './choice'
import { MEDIUM_COLOURS, mediumOf, speedOf } from './flow-styles'
import type { Medium } from './flow-styles'
import { linesOf } from './park-data'
import type { LineRow } from './park-data'

export interface FlowSum {
  medium: Medium
  lines: number
  metres: number
  /** Lines whose direction is known. */
  directed: number
}

/** Lines, metres and known directions by medium, the longest first. */
export function sumFlows(rows: readonly LineRow[]): FlowSum[] {
  const sums = new Map<Medium, FlowSum>()
  for (const row of rows) {
    const medium = mediumOf(row)
    const sum = sums.get(medium) ?? { medium, lines: 0, metres: 0, directed: 0 }
    sum.lines++
    sum.metres += lengths(row.points).at(-1) ?? 0
    if (row.direction !== 'none') sum.directed++
    sums.set(medium, sum)
  }
  return [...sums.values()].toSorted((a, b) => b.metres - a.metres)
}

export class FlowKeeper {
  readonly store = createStore<{ sums: readonly FlowSum[]; busy: boolean }>({ sums: [], busy: false })
  private choice: FlowChoice | null = null

  constructor(private readonly stage: StageController) {}

  async show(choice: FlowChoice | null): Promise<void> {
    if (choice === this.choice) return
    this.choice = choice
    this.store.set({ busy: true })
    try {
      const rows = (await Promise.all((choice?.layers ?? []).map((layer) => linesOf(this.stage.manifest.revision, layer)))).flat()
      const flows = await this.stage.viewer.use('flows')
      if (choice !== this.choice) return
      const without = new Set<string>(choice?.without)
      const shown = rows.filter((row) => !without.has(mediumOf(row)))
      flows.set(shown.map((row) => ({ points: row.points, color: MEDIUM_COLOURS[mediumOf(row)], width: row.type === 'Road' ? 5 : 4, speed: speedOf(row) })))
      this.store.set({ sums: sumFlows(rows) })
    } finally {
      if (choice === this.choice) this.store.set({ busy: false })
    }
  }
}
