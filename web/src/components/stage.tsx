/** Mounts the 3D viewer, loads the scene and gives the controller to the screen. The panels work without it. */
import { useEffect, useRef, useState } from 'react'
import type { ReactNode, RefObject } from 'react'

import type { SceneManifest } from '../api/types'
import { useStore } from '../api/store'
import { useText } from '../i18n/use-text'
import { appearance, colorToken } from '../styles/scale'
import { StageController } from '../tools/stage-controller'
import type { Insets, Look, Viewer, ViewerOptions } from '../viewer/types'
import { StageTroubles } from './stage-troubles'
import { Empty, ErrorCard } from './states'
import styles from './stage.module.css'

interface Properties {
  manifest: SceneManifest | undefined
  look?: Look
  label: string
  onStage: (stage: StageController | null) => void
  /** Size of the labels' text, CSS px. */
  labelSize?: number
  /** The element over the part of the stage that no panel covers. */
  free?: RefObject<HTMLElement | null>
  children?: ReactNode
}

/** What the panels around `free` cover of the stage, CSS px. */
function insetsOf(stage: HTMLElement, free: HTMLElement | null | undefined): Insets {
  if (!free) return { left: 0, right: 0, top: 0, bottom: 0 }
  const whole = stage.getBoundingClientRect()
  const part = free.getBoundingClientRect()
  return { left: part.left - whole.left, right: whole.right - part.right, top: part.top - whole.top, bottom: whole.bottom - part.bottom }
}

function qualityFromAddress(): ViewerOptions['quality'] {
  const value = new URL(location.href).searchParams.get('quality')
  return value === 'low' || value === 'medium' || value === 'high' ? value : undefined
}

/** Megabytes for tiles, for who wants another cache than the device suggests. */
function cacheFromAddress(): number | undefined {
  const value = Number(new URL(location.href).searchParams.get('cache'))
  return value >= 1 && Number.isFinite(value) ? value : undefined
}

export function Stage({ manifest, look = 'day', label, onStage, labelSize, free, children }: Properties) {
  const holder = useRef<HTMLDivElement>(null)
  const shown = useRef<Viewer | null>(null)
  const report = useRef(onStage)
  report.current = onStage
  const [error, setError] = useState<Error | null>(null)
  const [attempt, setAttempt] = useState(0)
  const [pending, setPending] = useState(0)
  const [made, setMade] = useState<Viewer | null>(null)
  const theme = useStore(appearance, (value) => value.theme)
  const { t, pick } = useText()

  useEffect(() => {
    const container = holder.current
    if (!container || !manifest) return
    let over = false
    let stop = (): void => undefined
    const begin = async (): Promise<void> => {
      const { createViewer } = await import('../viewer')
      if (over) return
      const quality = qualityFromAddress()
      const cache = cacheFromAddress()
      const viewer = createViewer({
        container,
        look,
        ...(quality ? { quality } : {}),
        ...(cache ? { cacheMegabytes: cache } : {}),
        ...(labelSize ? { labelSize } : {}),
        insets: insetsOf(container, free?.current),
        accent: colorToken('--accent'),
        label,
        background: { top: colorToken('--stage-top'), bottom: colorToken('--stage-bottom'), fog: colorToken('--stage-fog') },
      })
      shown.current = viewer
      setMade(viewer)
      let controller: StageController | null = null
      stop = () => {
        report.current(null)
        controller?.dispose()
        viewer.dispose()
      }
      viewer.on('loading', (state) => setPending(state.pending))
      await viewer.load(manifest)
      if (over) return
      controller = new StageController(viewer, manifest)
      report.current(controller)
    }
    begin().catch((reason: unknown) => {
      if (!over) setError(reason instanceof Error ? reason : new Error(String(reason)))
    })
    return () => {
      over = true
      shown.current = null
      setMade(null)
      stop()
      setError(null)
    }
    // Label, text size and insets have their own ways: a change of language or window must not reload the scene.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [manifest, look, theme, attempt])

  useEffect(() => shown.current?.canvas.setAttribute('aria-label', label), [label])

  useEffect(() => {
    if (labelSize) shown.current?.setLabelSize(labelSize)
  }, [labelSize])

  useEffect(() => {
    const container = holder.current
    const part = free?.current
    if (!container || !part) return
    const observer = new ResizeObserver(() => shown.current?.setInsets(insetsOf(container, part)))
    observer.observe(part)
    observer.observe(container)
    return () => observer.disconnect()
  }, [free])

  const empty = manifest?.layers.length === 0
  const name = (layer: string): string => {
    const known = manifest?.layers.find((one) => one.layer === layer)
    return known ? pick(known.title, known.title_en) : layer
  }
  return (
    <div className={styles.stage} role="region" aria-label={label}>
      <div ref={holder} className={styles.canvas} />
      {empty ? (
        <div className={styles.message}>
          <Empty title={t('stage.empty')} hint={t('stage.emptyHint')} />
        </div>
      ) : null}
      {error && !empty ? (
        <div className={styles.message}>
          <ErrorCard title={t('stage.failed')} error={error} retry={() => setAttempt((before) => before + 1)} />
        </div>
      ) : null}
      {pending > 0 && !error ? (
        <div className={styles.loading} role="status">
          {t('stage.loading', { count: pending })}
        </div>
      ) : null}
      {made ? <StageTroubles viewer={made} names={name} /> : null}
      {children}
    </div>
  )
}
