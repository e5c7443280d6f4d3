/** Building layers with their live sums, for the panels that compare buildings. */
import { live } from '../api/live'
import type { SceneLayer } from '../api/types'
import { useLive } from '../components/use-live'
import { useScene } from '../components/use-park'
import { isBuilding, presentPark } from '../tools/buildings'
import { pointsByLayer, summarise } from '../tools/live-sums'
import type { Summary } from '../tools/live-sums'

export interface BuildingSum {
  layer: SceneLayer
  summary: Summary
}

/** Buildings that have such points, the largest sum first. */
export function useBuildingSums(kinds: readonly string[]): BuildingSum[] {
  const { data: scene } = useScene()
  const key = `${kinds.join()}/${scene?.revision ?? 0}`
  return useLive<BuildingSum[]>(
    () => {
      const groups = pointsByLayer(live, kinds)
      return (scene ? presentPark(scene).layers : [])
        .filter((layer) => isBuilding(layer) && groups.has(layer.layer))
        .map((layer) => ({ layer, summary: summarise(live, groups.get(layer.layer) ?? []) }))
        .sort((a, b) => (b.summary.sum || 0) - (a.summary.sum || 0))
    },
    key,
    1,
  )
}
