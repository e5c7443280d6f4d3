/** Sun by date and hour, on the park's clock. */
import { CaretRightOutlined, PauseOutlined } from '@ant-design/icons'
import { Button, Input, Segmented, Slider } from 'antd'
import { useEffect, useMemo, useState } from 'react'

import { useStage } from '../../components/stage-context'
import { useText } from '../../i18n/use-text'
import { dayAt, momentAt, offsetText } from '../../tools/park-clock'
import type { StageController } from '../../tools/stage-controller'
import { hourText, LAST_HOUR, lightHours, STEP_HOURS, SUN_DAYS, sunDay, sunDayOf, USUAL_ZONE } from '../../tools/sun'
import type { SunDayId } from '../../tools/sun'
import styles from './planning-screen.module.css'

const PLAY_MS = 250

export function SunBar() {
  const stage = useStage()
  return stage ? <Bar stage={stage} /> : null
}

function Bar({ stage }: { stage: StageController }) {
  const { t } = useText()
  const { origin, timezone: zone = USUAL_ZONE } = stage.manifest.park
  const [date, setDate] = useState(() => sunDay(dayAt(zone, new Date()), 'greatCold'))
  const [hour, setHour] = useState(10)
  const [playing, setPlaying] = useState(false)
  const light = useMemo(() => lightHours({ ...origin, zone }, date), [origin, zone, date])
  const [first, last] = light ?? [0, LAST_HOUR]
  const moment = useMemo(() => momentAt(zone, date, hour), [zone, date, hour])
  const offset = offsetText(zone, moment)
  const night = !light || hour < first || hour > last

  useEffect(() => stage.viewer.setSun(moment), [stage, moment])

  useEffect(() => {
    if (!playing) return
    const timer = setInterval(() => setHour((before) => (before < first || before + STEP_HOURS > last ? first : before + STEP_HOURS)), PLAY_MS)
    return () => clearInterval(timer)
  }, [playing, first, last])

  return (
    <div className={styles.sun} role="group" aria-label={t('sun.label')}>
      <Segmented<SunDayId | ''>
        size="small"
        value={sunDayOf(date) ?? ''}
        onChange={(id) => id && setDate(sunDay(date, id))}
        options={SUN_DAYS.map((one) => ({ value: one.id, label: t(`sun.${one.id}`), title: one.day }))}
      />
      <Input
        type="date"
        size="small"
        aria-label={t('sun.date')}
        required
        min="1900-01-01"
        max="2199-12-31"
        value={date}
        onChange={({ target }) => target.validity.valid && setDate(target.value)}
      />
      <Slider
        min={0}
        max={LAST_HOUR}
        step={STEP_HOURS}
        value={hour}
        onChange={setHour}
        ariaLabelForHandle={t('sun.hour', { zone: offset })}
        ariaValueTextFormatterForHandle={(value) => hourText(value)}
        tooltip={{ formatter: (value) => hourText(value ?? hour) }}
      />
      <strong title={night ? t('sun.night') : zone}>
        {hourText(hour)} <small>{offset}</small>
        {night ? <span className="visually-hidden">{t('sun.night')}</span> : null}
      </strong>
      <Button
        size="small"
        icon={playing ? <PauseOutlined /> : <CaretRightOutlined />}
        aria-label={playing ? t('sun.pause') : t('sun.play')}
        onClick={() => setPlaying(!playing)}
      />
    </div>
  )
}
