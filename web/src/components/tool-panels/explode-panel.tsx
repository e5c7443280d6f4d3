/** How far the storeys stand apart. */
import { Slider } from 'antd'

import { formatNumber } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { useStage, useStageState } from '../stage-context'
import { useToast } from '../toast'
import styles from './tool-panel.module.css'

const MOST_M = 20

export default function ExplodePanel() {
  const stage = useStage()
  const toast = useToast()
  const { t, language } = useText()
  const gap = useStageState((state) => state.exploded, 0)
  return (
    <div className={styles.field}>
      <span>
        {t('exploding.gap')} <span className={styles.value}>{formatNumber(gap, language, 1)} m</span>
      </span>
      <Slider ariaLabelForHandle={t('exploding.gap')} min={0} max={MOST_M} step={0.5} value={gap} tooltip={{ open: false }} onChange={(value) => stage?.setExploded(value).catch(toast.problem)} />
    </div>
  )
}
