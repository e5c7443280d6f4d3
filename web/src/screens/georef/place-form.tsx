/** The place that is being tried, in numbers: what is typed moves the rectangle, and the rectangle the numbers. */
import { Button, InputNumber } from 'antd'

import type { Place } from '../../api/georef'
import { useText } from '../../i18n/use-text'
import { normal } from './draft'
import styles from './georef-screen.module.css'

interface Properties {
  place: Place | null
  disabled: boolean
  onStart: () => void
  onChange: (place: Place) => void
}

const FIELDS = [
  { name: 'longitude', min: -180, max: 180, step: 0.00001, precision: 9 },
  { name: 'latitude', min: -90, max: 90, step: 0.00001, precision: 9 },
  { name: 'height', min: -12000, max: 9000, step: 0.1, precision: 3 },
  { name: 'rotation_deg', min: -360, max: 360, step: 1, precision: 4 },
] as const

export function PlaceForm({ place, disabled, onStart, onChange }: Properties) {
  const { t } = useText()
  if (!place) {
    return (
      <>
        <p className={styles.calm}>{t('georef.ownHint')}</p>
        <Button onClick={onStart} disabled={disabled}>
          {t('georef.ownStart')}
        </Button>
      </>
    )
  }
  return (
    <div className={styles.form}>
      {FIELDS.map(({ name, ...field }) => (
        <label key={name}>
          <span>{t(`georef.field.${name}`)}</span>
          <InputNumber<number>
            {...field}
            value={place[name]}
            onChange={(value) => {
              if (value !== null) onChange({ ...place, [name]: name === 'rotation_deg' ? normal(value) : value })
            }}
            style={{ width: '100%' }}
          />
        </label>
      ))}
      <p className={styles.calm}>{t('georef.dragHint')}</p>
    </div>
  )
}
