/** The cut through the ground: drawn by a drag, or given by numbers. */
import { Button, InputNumber } from 'antd'

import { useText } from '../../i18n/use-text'
import type { StageController } from '../../tools/stage-controller'
import type { PitCut } from '../../viewer/types'
import { useStage, useStageState } from '../stage-context'
import { useToast } from '../toast'
import styles from './tool-panel.module.css'
import { usePlugin } from './use-plugin'

/** Sides of a pit that is dug without a drag, metres. */
const USUAL_M = 20
const LEAST_M = 0.5
const MOST_M = 2000
const MOST_DEPTH_M = 100

/** Middle, width (east–west) and length (north–south) as people give them. */
const FIELDS = ['east', 'north', 'width', 'length', 'depth'] as const
type Numbers = Record<(typeof FIELDS)[number], number>

function numbersOf({ rectangle: [x0, y0, x1, y1], depth }: PitCut): Numbers {
  return { east: (x0 + x1) / 2, north: (y0 + y1) / 2, width: x1 - x0, length: y1 - y0, depth }
}

function pitOf({ east, north, width, length, depth }: Numbers): PitCut {
  return { rectangle: [east - width / 2, north - length / 2, east + width / 2, north + length / 2], depth }
}

export default function PitPanel() {
  const stage = useStage()
  return stage ? <Digging stage={stage} /> : null
}

function Digging({ stage }: { stage: StageController }) {
  const tool = usePlugin('pit')
  const toast = useToast()
  const { t } = useText()
  const pit = useStageState((state) => state.pit, null)
  const byHand = useStageState((state) => state.tool === 'pit', false)
  const set = (next: PitCut | null): void => void stage.setPit(next).catch(toast.problem)
  const here = (): void => {
    const [east, north] = stage.viewer.camera.target
    set(pitOf({ east, north, width: USUAL_M, length: USUAL_M, depth: tool?.depth ?? 6 }))
  }
  const numbers = pit && numbersOf(pit)
  return (
    <>
      <p className={styles.hint}>{t('digging.hint')}</p>
      <div className={styles.row}>
        <Button size="small" type={byHand ? 'primary' : 'default'} aria-pressed={byHand} onClick={() => void stage.viewer.setTool(byHand ? 'select' : 'pit').catch(toast.problem)}>
          {t('digging.draw')}
        </Button>
        <Button size="small" disabled={!tool} onClick={here}>
          {t('digging.here')}
        </Button>
      </div>
      {numbers
        ? FIELDS.map((field) => (
            <label key={field} className={styles.between}>
              <span>{t(`digging.${field}`)}</span>
              <InputNumber
                size="small"
                aria-label={t(`digging.${field}`)}
                suffix="m"
                step={field === 'depth' ? 0.5 : 1}
                precision={1}
                {...(field === 'east' || field === 'north' ? {} : { min: LEAST_M, max: field === 'depth' ? MOST_DEPTH_M : MOST_M })}
                value={numbers[field]}
                onChange={(value) => value !== null && Number.isFinite(value) && set(pitOf({ ...numbers, [field]: value }))}
              />
            </label>
          ))
        : null}
      <div className={styles.row}>
        <Button disabled={!pit} onClick={() => set(null)}>
          {t('digging.clear')}
        </Button>
      </div>
    </>
  )
}
