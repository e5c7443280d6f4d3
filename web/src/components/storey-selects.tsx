/** The two lists of the storey switch: buildings, and the storeys of one of them from the top down. */
import { Select } from 'antd'

import type { SceneLayer } from '../api/types'
import { useText } from '../i18n/use-text'
import styles from './storey-switch.module.css'

interface Properties {
  layers: readonly SceneLayer[]
  layer: SceneLayer | undefined
  /** gid of the open storey; empty for all. */
  storey: string
  onLayer: (layer: SceneLayer) => void
  onStorey: (gid: string) => void
}

export function StoreySelects({ layers, layer, storey, onLayer, onStorey }: Properties) {
  const { t, pick } = useText()
  return (
    <div className={styles.switch} role="group" aria-label={t('storeys.label')}>
      <Select
        className={styles.building}
        value={layer?.layer ?? null}
        placeholder={t('storeys.building')}
        aria-label={t('storeys.building')}
        options={layers.map((one) => ({ value: one.layer, label: pick(one.title, one.title_en) }))}
        onChange={(value: string) => {
          const next = layers.find((one) => one.layer === value)
          if (next) onLayer(next)
        }}
      />
      <Select
        className={styles.storey}
        value={storey}
        disabled={!layer}
        aria-label={t('storeys.storey')}
        options={[
          { value: '', label: t('storeys.all') },
          ...(layer?.storeys ?? []).toSorted((a, b) => b.elevation - a.elevation).map((one) => ({ value: one.gid, label: one.name })),
        ]}
        onChange={onStorey}
      />
    </div>
  )
}
