/** Arrangements of the wall as data: panels by column, chosen by the shape of the screen. */
import type { PanelId } from '../../panels/registry'

/** One panel, or several side by side. */
export type Slot = { panels: readonly PanelId[]; grow: number }
export interface WallLayout {
  left: readonly (readonly Slot[])[]
  right: readonly (readonly Slot[])[]
}

const one = (id: PanelId, grow: number): Slot => ({ panels: [id], grow })

export const STANDARD: WallLayout = {
  left: [[one('power', 1.32), one('environment', 1), one('occupancy', 0.98)]],
  right: [[one('alarms', 1.68), { panels: ['parking', 'devices'], grow: 0.84 }, one('air', 0.88)]],
}

export const WIDE: WallLayout = {
  left: [[one('power', 1)], [one('occupancy', 1), one('air', 0.5)]],
  right: [[one('environment', 1), { panels: ['parking', 'devices'], grow: 0.5 }], [one('alarms', 1)]],
}

/** Wider than 2.6 : 1 takes the arrangement with two columns on each side. */
export function isWide(width: number, height: number): boolean {
  return width / height > 2.6
}
