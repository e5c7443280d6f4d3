/** The line between two swiped schemes: dragged, or moved with the arrow keys. */
import type { RefObject } from 'react'

import { useText } from '../../i18n/use-text'
import styles from './planning-screen.module.css'

interface Properties {
  frame: RefObject<HTMLDivElement | null>
  value: number
  onChange: (value: number) => void
}

const EDGE = 0.05
const KEY_STEP = 0.02

export function SwipeDivider({ frame, value, onChange }: Properties) {
  const { t } = useText()
  const set = (next: number): void => onChange(Math.min(1 - EDGE, Math.max(EDGE, next)))
  return (
    <div
      className={styles.divider}
      style={{ left: `${value * 100}%` }}
      role="slider"
      tabIndex={0}
      aria-label={t('planning.divider')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(value * 100)}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId) || !frame.current) return
        const box = frame.current.getBoundingClientRect()
        set((event.clientX - box.left) / box.width)
      }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') set(value - KEY_STEP)
        else if (event.key === 'ArrowRight') set(value + KEY_STEP)
        else return
        event.preventDefault()
      }}
    />
  )
}
