/** The sources of a model's place: where each would put it, which one is used, why one cannot be. */
import { Radio, Tag } from 'antd'

import type { GeorefCandidate } from '../../api/georef'
import { formatNumber, NO_VALUE } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import styles from './georef-screen.module.css'
import { sourceName } from './source-name'

interface Properties {
  candidates: readonly GeorefCandidate[]
  colours: ReadonlyMap<string, string>
  chosen: string | null
  onChoose: (id: string) => void
}

export function CandidateList({ candidates, colours, chosen, onChoose }: Properties) {
  const { t, language } = useText()
  return (
    <Radio.Group className={styles.candidates} value={chosen} onChange={(event) => onChoose(event.target.value as string)}>
      {candidates.map((one) => (
        <div key={one.id} className={styles.candidate} data-chosen={one.id === chosen} data-testid={`candidate-${one.id}`}>
          <Radio value={one.id} disabled={!one.landing}>
            <span className={styles.swatch} style={{ background: colours.get(one.id) ?? 'transparent' }} />
            {sourceName(one, t)}
          </Radio>
          {one.used ? <Tag color="success">{t('georef.used')}</Tag> : null}
          {one.repair ? <Tag color="warning">{t('georef.repaired')}</Tag> : null}
          <div className={styles.facts}>
            {one.landing ? (
              <>
                <span>
                  {one.landing.place.longitude.toFixed(7)}°, {one.landing.place.latitude.toFixed(7)}°
                </span>
                <span>{t('georef.distance', { distance: metres(one.landing.distance_m, language) })}</span>
                <span>{t('georef.rotationOf', { degrees: formatNumber(one.landing.rotation_deg, language, 2) })}</span>
                <span>{t('georef.heightOf', { height: formatNumber(one.landing.place.height, language, 2) })}</span>
                {one.crs ? <span>{one.crs}</span> : null}
                {one.landing.grid_scale ? <span>{t('georef.gridScale', { scale: one.landing.grid_scale.toFixed(7), degrees: formatNumber(one.landing.convergence_deg, language, 3) })}</span> : null}
              </>
            ) : (
              <span>{t('georef.unusable', { why: one.why || NO_VALUE })}</span>
            )}
          </div>
        </div>
      ))}
    </Radio.Group>
  )
}

function metres(value: number, language: 'zh' | 'en'): string {
  return value >= 10_000 ? `${formatNumber(value / 1000, language, 0)} km` : `${formatNumber(value, language, 1)} m`
}
