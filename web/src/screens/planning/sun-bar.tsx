/** Sun by day and hour. */
import { CaretRightOutlined, PauseOutlined } from '@ant-design/icons'
import { Button, Segmented, Slider } from 'antd'
import { useEffect, useState } from 'react'

import { useStage } from '../../components/stage-context'
import { useText } from '../../i18n/use-text'
import { hourText, SUN_DAYS, sunMoment } from '../../tools/sun'
import type { SunDayId } from '../../tools/sun'
import styles from './planning-screen.module.css'

const FIRST_HOUR = 6
const LAST_HOUR = 19
const STEP_HOURS = 0.25
const PLAY_MS = 250

export function SunBar() {
  const { t } = useText()
  const stage = useStage()
  const [day, setDay] = useState<SunDayId>('greatCold')
  const [hour, setHour] = useState(10)
  const [playing, setPlaying] = useState(false)

  useEffect(() => {
    stage?.viewer.setSun(sunMoment(new Date().getFullYear(), day, hour))
  }, [stage, day, hour])

  useEffect(() => {
    if (!playing) return
    const timer = setInterval(() => setHour((before) => (before + STEP_HOURS > LAST_HOUR ? FIRST_HOUR : before + STEP_HOURS)), PLAY_MS)
    return () => clearInterval(timer)
  }, [playing])

  return (
    <div className={styles.sun} role="group" aria-label={t('sun.label')}>
      <Segmented<SunDayId>
        size="small"
        value={day}
        onChange={setDay}
        options={SUN_DAYS.map((one) => ({ value: one.id, label: t(`sun.${one.id}`), title: `${one.month}-${one.day}` }))}
      />
      <Slider
        min={FIRST_HOUR}
        max={LAST_HOUR}
        step={STEP_HOURS}
        value={hour}
        onChange={setHour}
        ariaLabelForHandle={t('sun.hour')}
        ariaValueTextFormatterForHandle={(value) => hourText(value)}
        tooltip={{ formatter: (value) => hourText(value ?? hour) }}
      />
      <strong>{hourText(hour)}</strong>
      <Button
        size="small"
        icon={playing ? <PauseOutlined /> : <CaretRightOutlined />}
        aria-label={playing ? t('sun.pause') : t('sun.play')}
        onClick={() => setPlaying(!playing)}
      />
    </div>
  )
}
