/** Heat maps of live values: on the ground, on the open storey, in the volume of a building. */
import { Segmented, Select, Switch } from 'antd'

import { useStore } from '../../api/store'
import { useText } from '../../i18n/use-text'
import { isBuilding } from '../../tools/buildings'
import { QUANTITIES } from '../../tools/overlays/choice'
import type { HeatChoice, Quantity } from '../../tools/overlays/choice'
import { OUTDOORS, REACH } from '../../tools/overlays/heat-points'
import { useStage, useStageState } from '../stage-context'
import { HeatScale } from './heat-scale'
import styles from './tool-panel.module.css'
import { useOverlays } from './use-overlays'
import type { OverlayKeeper } from '../../tools/overlays/keeper'
import type { StageController } from '../../tools/stage-controller'

export default function HeatPanel() {
  const stage = useStage()
  const overlays = useOverlays()
  return stage && overlays ? <Heat stage={stage} overlays={overlays} /> : null
}

const PLACES = ['ground', 'storey', 'volume'] as const

function Heat({ stage, overlays }: { stage: StageController; overlays: OverlayKeeper }) {
  const { t, pick } = useText()
  const choice = useStageState((state) => state.overlays.heat, null)
  const storey = useStageState((state) => state.storey, null)
  const legend = useStore(overlays.heat.store, (value) => value.legend)
  const buildings = stage.manifest.layers.filter(isBuilding)
  const usual: HeatChoice = { quantity: storey ? 'temperature' : 'noise', place: storey ? 'storey' : 'ground' }
  const shown = choice ?? usual
  const set = (part: Partial<HeatChoice>): void => {
    const next = { ...shown, ...part }
    const outdoors = OUTDOORS.includes(next.quantity)
    // A quantity is measured out of doors or in rooms: the other choice follows.
    if (part.place && (part.place === 'ground') !== outdoors) next.quantity = part.place === 'ground' ? 'noise' : 'temperature'
    else if (part.quantity && outdoors) next.place = 'ground'
    else if (part.quantity && next.place === 'ground') next.place = storey ? 'storey' : 'volume'
    const named = next.place === 'volume' ? { layer: next.layer ?? storey?.layer ?? buildings[0]?.layer } : { layer: undefined }
    stage.setOverlay('heat', { ...next, ...named })
  }
  return (
    <>
      <label className={styles.row}>
        <Switch size="small" aria-label={t('heat.show')} checked={choice !== null} onChange={(on) => (on ? set({}) : stage.setOverlay('heat', null))} />
        {t('heat.show')}
      </label>
      <Segmented<HeatChoice['place']>
        block
        aria-label={t('heat.place')}
        value={shown.place}
        onChange={(place) => set({ place })}
        options={PLACES.map((one) => ({ value: one, label: t(`heat.${one}`) }))}
      />
      <label className={styles.field}>
        <span className={styles.hint}>{t('heat.quantity')}</span>
        <Select<Quantity>
          aria-label={t('heat.quantity')}
          value={shown.quantity}
          onChange={(quantity) => set({ quantity })}
          options={QUANTITIES.map((one) => ({ value: one, label: t(`heat.${one}`) }))}
        />
      </label>
      {shown.place === 'volume' ? (
        <label className={styles.field}>
          <span className={styles.hint}>{t('heat.building')}</span>
          <Select
            aria-label={t('heat.building')}
            value={shown.layer ?? null}
            onChange={(layer) => set({ layer: layer ?? undefined })}
            options={buildings.map((one) => ({ value: one.layer, label: pick(one.title, one.title_en) }))}
          />
        </label>
      ) : null}
      {legend?.missing ? (
        <p role="status">{t(legend.missing === 'storey' ? 'heat.noStorey' : 'heat.noPoints', { fresh: legend.fresh })}</p>
      ) : legend ? (
        <HeatScale legend={legend} />
      ) : null}
      <p className={styles.hint}>{shown.place === 'volume' ? t('heat.methodVolume') : t('heat.method', { reach: REACH[shown.place] })}</p>
    </>
  )
}
