/** Building and storey to open; digits 1–9 choose the storeys of the building. */
import { Select } from 'antd'
import { useEffect, useMemo } from 'react'

import type { SceneLayer } from '../api/types'
import { createStore, useStore } from '../api/store'
import { useText } from '../i18n/use-text'
import type { StageController } from '../tools/stage-controller'
import { useStage, useStageState } from './stage-context'
import styles from './storey-switch.module.css'

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
  const { t, pick } = useText()
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

  if (!stage || layers.length === 0) return null
  return (
    <div className={styles.switch} role="group" aria-label={t('storeys.label')}>
      <Select
        className={styles.building}
        value={layer?.layer ?? null}
        placeholder={t('storeys.building')}
        aria-label={t('storeys.building')}
        options={layers.map((one) => ({ value: one.layer, label: pick(one.title, one.title_en) }))}
        onChange={(value: string) => {
          chosen.set({ layer: value })
          if (stage.store.get().storey) stage.closeStorey()
          const next = layers.find((one) => one.layer === value)
          if (next) void stage.viewer.flyTo(next.box)
        }}
      />
      <Select
        className={styles.storey}
        value={openStorey && openStorey.layer === layer?.layer ? openStorey.storey.gid : ''}
        disabled={!layer}
        aria-label={t('storeys.storey')}
        options={[
          { value: '', label: t('storeys.all') },
          ...(layer?.storeys ?? [])
            .toSorted((a, b) => b.elevation - a.elevation)
            .map((storey) => ({ value: storey.gid, label: storey.name })),
        ]}
        onChange={(gid: string) => {
          const storey = layer?.storeys.find((one) => one.gid === gid)
          if (layer && storey) void stage.openStorey(layer.layer, storey)
          else stage.closeStorey()
        }}
      />
    </div>
  )
}
