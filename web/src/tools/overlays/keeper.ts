/** Brings the stage's overlays to what its state says, whoever changed it: a panel, a saved view, undo. One a stage, fetched when first needed. */
import type { StageController } from '../stage-controller'
import { ConeKeeper } from './cone-keeper'
import { FlowKeeper } from './flow-keeper'
import { HeatKeeper } from './heat-keeper'
import { TrackKeeper } from './track-keeper'

export class OverlayKeeper {
  readonly heat: HeatKeeper
  readonly flows: FlowKeeper
  readonly tracks: TrackKeeper
  readonly cones: ConeKeeper
  private readonly stop: () => void

  constructor(
    private readonly stage: StageController,
    private readonly onProblem: (reason: unknown) => void,
  ) {
    this.heat = new HeatKeeper(stage)
    this.flows = new FlowKeeper(stage)
    this.tracks = new TrackKeeper(stage)
    this.cones = new ConeKeeper(stage)
    this.stop = stage.store.subscribe(() => this.follow())
    this.follow()
  }

  dispose(): void {
    this.stop()
    this.heat.dispose()
    this.tracks.dispose()
  }

  private follow(): void {
    const { overlays, storey } = this.stage.store.get()
    for (const done of [
      this.heat.show(overlays.heat, overlays.heat?.place === 'storey' ? (storey?.storey.gid ?? null) : null),
      this.flows.show(overlays.flows),
      this.tracks.show(overlays.tracks),
      this.cones.show(overlays.cones),
    ])
      done.catch(this.onProblem)
  }
}

const keepers = new WeakMap<StageController, OverlayKeeper>()

/** The keeper of a stage; made once. It goes with the stage. */
export function overlaysOf(stage: StageController, onProblem: (reason: unknown) => void): OverlayKeeper {
  let keeper = keepers.get(stage)
  if (!keeper) {
    keepers.set(stage, (keeper = new OverlayKeeper(stage, onProblem)))
    const made = keeper
    stage.onDispose(() => made.dispose())
  }
  return keeper
}
