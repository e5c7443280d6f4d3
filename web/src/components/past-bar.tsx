/** Time travel: the bar that moves through the past, and the frame that marks the whole screen. */
import { PauseOutlined, CaretRightOutlined } from '@ant-design/icons'
import { Button, Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'

import { connection, live } from '../api/live'
import { pastStore } from '../api/past'
import { useStore } from '../api/store'
import { formatMoment } from '../i18n/format'
import { useText } from '../i18n/use-text'
import styles from './past-bar.module.css'
import { useNow } from './use-live'

const HOUR_MS = 3_600_000
const SPANS_H = [1, 6, 24, 7 * 24, 30 * 24]
const SPEEDS = [1, 10, 60, 600, 3600]
/** Arrows on the slider move by this share of the span; Page Up and Down by a tenth. */
const STEPS = 1440
/** A drag asks for a moment at most this often. */
const SEEK_EVERY_MS = 250
/** The server shows what was asked for when it is this near; it is waited for so long. */
const ARRIVED_MS = 1000
const WAIT_MS = 2000

/** `wall`: above the wall's timeline, which goes on to show what led up to the moment. */
export function PastBar({ wall }: { wall: boolean }) {
  const { t } = useText()
  const replay = useStore(pastStore, (state) => state.replay)
  const [hours, setHours] = useState(24)
  const [dragged, setDragged] = useState<number | null>(null)
  const last = useRef(0)
  const held = useRef(false)
  const now = useNow(5000) + live.skewMs
  const { state } = replay ?? {}
  useEffect(() => {
    document.documentElement.toggleAttribute('data-past', replay !== null)
    return () => document.documentElement.removeAttribute('data-past')
  }, [replay])
  // What was let go of stays until the server shows it: the next key counts from there, not from where it was before.
  const { at } = replay ?? {}
  useEffect(() => {
    if (dragged === null || held.current || at === undefined) return
    if (Math.abs(at - dragged) < ARRIVED_MS) return setDragged(null)
    const timer = setTimeout(() => setDragged(null), WAIT_MS)
    return () => clearTimeout(timer)
  }, [at, dragged])
  if (!replay) return null
  const from = Math.min(now - hours * HOUR_MS, replay.at)
  const shown = dragged ?? replay.at
  const drag = (at: number): void => {
    held.current = true
    setDragged(at)
    if (performance.now() - last.current < SEEK_EVERY_MS) return
    last.current = performance.now()
    connection.seek(at)
  }
  const drop = (): void => {
    held.current = false
    if (dragged !== null) connection.seek(dragged)
  }
  const toggle = (): void => (state === 'playing' ? connection.pause() : connection.replay({ speed: replay.speed }))
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return
    if (event.key === 'Escape') connection.present()
    else if (event.key === ' ' && event.target instanceof HTMLInputElement && event.target.type === 'range' && state !== 'ended') toggle()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <>
      <div className={styles.frame} aria-hidden="true" />
      <section className={styles.bar} data-wall={wall} aria-label={t('past.label')} onKeyDown={onKeyDown}>
        <span className={styles.badge}>
          {t('past.badge')} {formatMoment(shown)}
          {state === 'ended' ? ` · ${t('past.ended')}` : ''}
        </span>
        {state === 'playing' ? (
          <Button size="small" icon={<PauseOutlined />} aria-label={t('past.pause')} onClick={toggle} />
        ) : (
          <Button
            size="small"
            icon={<CaretRightOutlined />}
            aria-label={t('past.play')}
            disabled={state === 'ended'}
            onClick={toggle}
          />
        )}
        <input
          className={styles.slider}
          type="range"
          aria-label={t('past.moment')}
          aria-valuetext={formatMoment(shown)}
          min={from}
          max={now}
          step={(hours * HOUR_MS) / STEPS}
          value={shown}
          onChange={(event) => drag(Number(event.target.value))}
          onPointerUp={drop}
          onKeyUp={drop}
        />
        <Select
          size="small"
          aria-label={t('past.span')}
          value={hours}
          onChange={setHours}
          options={SPANS_H.map((value) => ({
            value,
            label: value < 48 ? t('past.hours', { count: value }) : t('past.days', { count: value / 24 }),
          }))}
        />
        <Select
          size="small"
          aria-label={t('past.speed')}
          value={replay.speed}
          onChange={(speed: number) => connection.replay({ speed })}
          options={SPEEDS.map((value) => ({ value, label: `${value}×` }))}
        />
        <Button size="small" type="primary" onClick={() => connection.present()}>
          {t('past.back')}
        </Button>
      </section>
    </>
  )
}
