/** Day or night, and the weather. */
import { Select, Segmented } from 'antd'

import { useText } from '../../i18n/use-text'
import type { Look } from '../../viewer/types'
import { useStage, useStageState } from '../stage-context'
import { useToast } from '../toast'
import styles from './tool-panel.module.css'

const WEATHERS = ['clear', 'cloudy', 'haze', 'fog', 'rain', 'snow'] as const

export default function LookPanel() {
  const stage = useStage()
  const toast = useToast()
  const { t } = useText()
  const look = useStageState((state) => state.look, null)
  const weather = useStageState((state) => state.weather, 'clear')
  return (
    <>
      <div className={styles.field}>
        <span className={styles.hint}>{t('looking.light')}</span>
        <Segmented<Look | ''>
          block
          aria-label={t('looking.light')}
          value={look ?? ''}
          onChange={(next) => next && stage?.setLook(next)}
          options={[
            { value: 'day', label: t('looking.day') },
            { value: 'night', label: t('looking.night') },
          ]}
        />
      </div>
      <div className={styles.field}>
        <span className={styles.hint}>{t('looking.weather')}</span>
        <Select
          aria-label={t('looking.weather')}
          value={weather}
          options={WEATHERS.map((one) => ({ value: one, label: t(`looking.${one}`) }))}
          onChange={(next) => stage?.setWeather(next).catch(toast.problem)}
        />
      </div>
    </>
  )
}
