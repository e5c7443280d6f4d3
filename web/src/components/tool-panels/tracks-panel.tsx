/** Tracks of what moved, and their playback. */
import { CaretRightOutlined, PauseOutlined } from '@ant-design/icons'
import { Button, Segmented, Select, Slider } from 'antd'
import { useState } from 'react'

import { useStore } from '../../api/store'
import { formatMoment } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import type { TrackChoice } from '../../tools/overlays/choice'
import type { OverlayKeeper } from '../../tools/overlays/keeper'
import { TRACK_SOURCES } from '../../tools/overlays/track-sources'
import type { TrackSource } from '../../tools/overlays/track-sources'
import type { StageController } from '../../tools/stage-controller'
import { useStage, useStageState } from '../stage-context'
import { useToast } from '../toast'
import styles from './tool-panel.module.css'
import { useOverlays } from './use-overlays'

export default function TracksPanel() {
  const stage = useStage()
  const overlays = useOverlays()
  return stage && overlays ? <Tracks stage={stage} overlays={overlays} /> : null
}

const SPANS = [10, 60, 24 * 60] as const
const RATES = [1, 10, 60] as const

function Tracks({ stage, overlays }: { stage: StageController; overlays: OverlayKeeper }) {
  const toast = useToast()
  const { t } = useText()
  const choice = useStageState((state) => state.overlays.tracks, null)
  const { range, time, playing, count, busy } = useStore(overlays.tracks.store, (value) => value)
  const [rate, setRate] = useState<number>(10)
  const source = TRACK_SOURCES.find(({ id }) => id === choice?.source)
  const set = (part: Partial<TrackChoice>): void => stage.setOverlay('tracks', { source: 'lifts', minutes: 10, ...choice, ...part })
  const span = (minutes: number): string => (minutes < 60 ? t('tracking.minutes', { count: minutes }) : t('tracking.hours', { count: minutes / 60 }))
  return (
    <>
      <label className={styles.field}>
        <span className={styles.hint}>{t('tracking.source')}</span>
        <Select<TrackSource['id'] | null>
          aria-label={t('tracking.source')}
          value={(choice?.source ?? null) as TrackSource['id'] | null}
          placeholder={t('tracking.source')}
          onChange={(id) => id && set({ source: id })}
          options={TRACK_SOURCES.map(({ id }) => ({ value: id, label: t(`tracking.${id}`) }))}
        />
      </label>
      <div className={styles.field}>
        <span className={styles.hint}>{t('tracking.span')}</span>
        <Segmented<number>
          block
          aria-label={t('tracking.span')}
          value={choice?.minutes ?? 10}
          onChange={(minutes) => set({ minutes })}
          options={SPANS.map((one) => ({ value: one, label: span(one) }))}
        />
      </div>
      {source ? <p className={styles.hint}>{t(source.simulated ? 'tracking.simulated' : 'tracking.measured')}</p> : null}
      {busy ? (
        <p role="status">{t('tracking.loading')}</p>
      ) : range ? (
        <>
          <div className={styles.between}>
            <span>{t('tracking.count', { count })}</span>
            <span className={styles.value}>{formatMoment(time)}</span>
          </div>
          <Slider
            ariaLabelForHandle={t('tracking.time')}
            ariaValueTextFormatterForHandle={(value) => formatMoment(value)}
            min={range[0]}
            max={range[1]}
            step={1000}
            value={time}
            tooltip={{ open: false }}
            onChange={(value) => overlays.tracks.seek(value).catch(toast.problem)}
          />
          <div className={styles.row}>
            <Button
              type="primary"
              icon={playing ? <PauseOutlined /> : <CaretRightOutlined />}
              onClick={() => (playing ? overlays.tracks.pause() : overlays.tracks.play(rate)).catch(toast.problem)}
            >
              {t(playing ? 'tracking.pause' : 'tracking.play')}
            </Button>
            <Segmented<number>
              aria-label={t('tracking.rate')}
              value={rate}
              onChange={(next) => {
                setRate(next)
                if (playing) overlays.tracks.play(next).catch(toast.problem)
              }}
              options={RATES.map((one) => ({ value: one, label: `${one}×` }))}
            />
          </div>
        </>
      ) : source ? (
        <p role="status">{t('tracking.none')}</p>
      ) : null}
      <div className={styles.row}>
        <Button disabled={!choice} onClick={() => stage.setOverlay('tracks', null)}>
          {t('tracking.clear')}
        </Button>
      </div>
    </>
  )
}
