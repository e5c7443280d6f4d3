/** Keeps overlays on the stage in force while their panels are closed, and the legend of the heat map in sight. */
import { createStore, useStore } from '../../api/store'
import type { HeatLegend } from '../../tools/overlays/heat-keeper'
import { useStageState } from '../stage-context'
import { HeatScale } from './heat-scale'
import styles from './tool-panel.module.css'
import { useOverlays } from './use-overlays'

const NONE = createStore<{ legend: HeatLegend | null }>({ legend: null })

export default function OverlayHost() {
  const overlays = useOverlays()
  const open = useStageState((state) => state.panel === 'heat', false)
  const legend = useStore(overlays?.heat.store ?? NONE, (value) => value.legend)
  return legend && !legend.missing && !open ? (
    <div className={styles.note}>
      <HeatScale legend={legend} />
    </div>
  ) : null
}
