/** Commands of the stage as data: one name, one shortcut, one action; toolbars, menus and help read the same list. */
import type { StageController, StageState } from './stage-controller'

export const COMMAND_IDS = [
  'undo', 'redo', 'fit', 'hide', 'isolate', 'xray', 'section', 'measure', 'box', 'lasso', 'explode', 'underground', 'pit', 'walk', 'fly', 'look', 'heat', 'flows', 'tracks', 'cones', 'views', 'picture', 'map', 'north', 'showAll',
] as const
export type CommandId = (typeof COMMAND_IDS)[number]

export interface Command {
  id: CommandId
  /** `KeyboardEvent.key`, lower case; with a modifier for keys that are pressed together. */
  key: string
  run: (stage: StageController) => void
  active?: (state: StageState) => boolean
  /** Needs a chosen object. */
  needsSelection?: boolean
  /** Nothing to do now. */
  idle?: (state: StageState) => boolean
}

export const COMMANDS: readonly Command[] = [
  { id: 'undo', key: 'ctrl+z', run: (stage) => void stage.history?.undo(), idle: (state) => !state.canUndo },
  { id: 'redo', key: 'ctrl+shift+z', run: (stage) => void stage.history?.redo(), idle: (state) => !state.canRedo },
  { id: 'fit', key: 'f', run: (stage) => void stage.fit() },
  { id: 'hide', key: 'h', run: (stage) => stage.hideSelected(), needsSelection: true },
  { id: 'isolate', key: 'i', run: (stage) => stage.toggleIsolate(), active: (state) => state.isolated !== null, needsSelection: true },
  { id: 'xray', key: 'x', run: (stage) => stage.toggleXray(), active: (state) => state.xray },
  { id: 'section', key: 's', run: (stage) => stage.toggleSection(), active: (state) => state.section !== null || state.storey !== null },
  { id: 'measure', key: 'm', run: (stage) => stage.toggleTool('measure'), active: (state) => state.tool === 'measure' },
  { id: 'box', key: 'b', run: (stage) => stage.toggleTool('box'), active: (state) => state.tool === 'box' },
  { id: 'lasso', key: 'l', run: (stage) => stage.toggleTool('lasso'), active: (state) => state.tool === 'lasso' },
  { id: 'explode', key: 'o', run: (stage) => stage.togglePanel('explode'), active: (state) => state.exploded > 0 },
  { id: 'underground', key: 'u', run: (stage) => stage.setUnderground(!stage.store.get().underground), active: (state) => state.underground },
  { id: 'pit', key: 'd', run: (stage) => stage.toggleTool('pit'), active: (state) => state.tool === 'pit' || state.pit !== null },
  { id: 'walk', key: 'w', run: (stage) => stage.toggleNavigation('walk'), active: (state) => state.navigation === 'walk' },
  { id: 'fly', key: 'g', run: (stage) => stage.toggleNavigation('fly'), active: (state) => state.navigation === 'fly' },
  { id: 'look', key: 'k', run: (stage) => stage.togglePanel('look'), active: (state) => state.panel === 'look' },
  { id: 'heat', key: 't', run: (stage) => stage.togglePanel('heat'), active: (state) => state.panel === 'heat' || state.overlays.heat !== null },
  { id: 'flows', key: 'r', run: (stage) => stage.togglePanel('flows'), active: (state) => state.panel === 'flows' || state.overlays.flows !== null },
  { id: 'tracks', key: 'y', run: (stage) => stage.togglePanel('tracks'), active: (state) => state.panel === 'tracks' || state.overlays.tracks !== null },
  { id: 'cones', key: 'c', run: (stage) => stage.togglePanel('cones'), active: (state) => state.panel === 'cones' || state.overlays.cones !== null },
  { id: 'views', key: 'v', run: (stage) => stage.togglePanel('views'), active: (state) => state.panel === 'views' },
  { id: 'picture', key: 'p', run: (stage) => stage.togglePanel('picture'), active: (state) => state.panel === 'picture' },
  { id: 'map', key: 'j', run: (stage) => stage.toggleMap(), active: (state) => state.map },
  { id: 'north', key: 'n', run: (stage) => void stage.north() },
  { id: 'showAll', key: 'a', run: (stage) => void stage.comeBack() },
]

export function commandOf(key: string): Command | undefined {
  return COMMANDS.find((command) => command.key === key.toLowerCase())
}
