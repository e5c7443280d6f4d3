/** The keeper of the stage's overlays; null while there is no stage. */
import { overlaysOf } from '../../tools/overlays/keeper'
import type { OverlayKeeper } from '../../tools/overlays/keeper'
import { useStage } from '../stage-context'
import { useToast } from '../toast'

export function useOverlays(): OverlayKeeper | null {
  const stage = useStage()
  const toast = useToast()
  return stage && overlaysOf(stage, toast.problem)
}
