/** Commands of the stage as data: one name, one shortcut, one action; toolbars, menus and help read the same list. */
import type { StageController, StageState } from './stage-controller'

export const COMMAND_IDS = ['fit', 'hide', 'isolate', 'xray', 'section', 'measure', 'walk', 'showAll'] as const
export type CommandId = (typeof COMMAND_IDS)[number]

export interface Command {
  id: CommandId
  /** `KeyboardEvent.key`, lower case. */
  key: string
  run: (stage: StageController) => void
  active?: (state: StageState) => boolean
  /** Needs a chosen object. */
  needsSelection?: boolean
}

export const COMMANDS: readonly Command[] = [
  { id: 'fit', key: 'f', run: (stage) => void stage.fit() },
  { id: 'hide', key: 'h', run: (stage) => stage.hideSelected(), needsSelection: true },
  { id: 'isolate', key: 'i', run: (stage) => stage.toggleIsolate(), active: (state) => state.isolated !== null, needsSelection: true },
  { id: 'xray', key: 'x', run: (stage) => stage.toggleXray(), active: (state) => state.xray },
  { id: 'section', key: 's', run: (stage) => stage.toggleSection(), active: (state) => state.section !== null || state.storey !== null },
  { id: 'measure', key: 'm', run: (stage) => stage.toggleMeasure(), active: (state) => state.tool === 'measure' },
  { id: 'walk', key: 'w', run: (stage) => stage.toggleWalk(), active: (state) => state.navigation === 'walk' },
  { id: 'showAll', key: 'a', run: (stage) => void stage.comeBack() },
]

export function commandOf(key: string): Command | undefined {
  return COMMANDS.find((command) => command.key === key.toLowerCase())
}
