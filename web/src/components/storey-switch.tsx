/** Building and storey to open; digits 1–9 choose the storeys of the building. */
import { useEffect, useMemo } from 'react'

import type { SceneLayer } from '../api/types'
import { createStore, useStore } from '../api/store'
import type { StageController } from '../tools/stage-controller'
import { useLater } from './later'
import { useStage, useStageState } from './stage-context'
import { useToast } from './toast'

/** The building whose storeys the switch and the digits speak of. */
const chosen = createStore<{ layer: string | null }>({ layer: null })

function buildingsOf(stage: StageController | null): SceneLayer[] {
  return stage?.manifest.layers.filter((layer) => layer.storeys.length > 0) ?? []
}

/** Open the n-th storey from below, of the chosen building or the one of the chosen object. */
export function openStoreyNumber(stage: StageController | null, number: number): void {
  const layers = buildingsOf(stage)
  const layer = layers.find((one) => one.layer === chosen.get().layer) ?? layers[0]
  const storey = layer?.storeys.toSorted((a, b) => a.elevation - b.elevation)[number - 1]
  if (!stage || !layer || !storey) return
  if (stage.store.get().storey?.storey.gid === storey.gid) stage.closeStorey()
  else void stage.openStorey(layer.layer, storey)
}

/** `prefer` names the building to begin with. */
export function StoreySwitch({ prefer }: { prefer?: string }) {
  const stage = useStage()
  const { problem } = useToast()
  const Selects = useLater(async () => (await import('./storey-selects')).StoreySelects, stage !== null, problem)
  const layers = useMemo(() => buildingsOf(stage), [stage])
  const openStorey = useStageState((state) => state.storey, null)
  const selectedState = useStageState((state) => state.selectedState, null)
  const layerName = useStore(chosen, (value) => value.layer)
  const layer = layers.find((one) => one.layer === layerName)

  useEffect(() => {
    if (prefer) chosen.set({ layer: prefer })
  }, [prefer])

  useEffect(() => {
    if (selectedState === null) return
    const of = stage?.layerOf(selectedState)
    if (of && of.storeys.length > 0) chosen.set({ layer: of.layer })
  }, [stage, selectedState])

  useEffect(() => {
    if (openStorey) chosen.set({ layer: openStorey.layer })
  }, [openStorey])

  if (!Selects || !stage || layers.length === 0) return null
  return (
    <Selects
      layers={layers}
      layer={layer}
      storey={openStorey && openStorey.layer === layer?.layer ? openStorey.storey.gid : ''}
      onLayer={(next) => {
        chosen.set({ layer: next.layer })
        if (stage.store.get().storey) stage.closeStorey()
        void stage.viewer.flyTo(next.box)
      }}
      onStorey={(gid) => {
        const storey = layer?.storeys.find((one) => one.gid === gid)
        if (layer && storey) void stage.openStorey(layer.layer, storey)
        else stage.closeStorey()
      }}
    />
  )
}
