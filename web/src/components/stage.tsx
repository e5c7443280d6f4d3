/** Mounts the 3D viewer, loads the scene and gives the controller to the screen. The panels work without it. */
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'

import type { SceneManifest } from '../api/types'
import { useStore } from '../api/store'
import { useText } from '../i18n/use-text'
import { appearance, colorToken } from '../styles/scale'
import { StageController } from '../tools/stage-controller'
import { createViewer } from '../viewer'
import type { Look, ViewerOptions } from '../viewer/types'
import { ErrorCard } from './states'
import styles from './stage.module.css'

interface Properties {
  manifest: SceneManifest | undefined
  look?: Look
  label: string
  onStage: (stage: StageController | null) => void
  children?: ReactNode
}

function qualityFromAddress(): ViewerOptions['quality'] {
  const value = new URL(location.href).searchParams.get('quality')
  return value === 'low' || value === 'medium' || value === 'high' ? value : undefined
}

export function Stage({ manifest, look = 'day', label, onStage, children }: Properties) {
  const holder = useRef<HTMLDivElement>(null)
  const report = useRef(onStage)
  report.current = onStage
  const [error, setError] = useState<Error | null>(null)
  const [attempt, setAttempt] = useState(0)
  const [pending, setPending] = useState(0)
  const theme = useStore(appearance, (value) => value.theme)
  const { t } = useText()

  useEffect(() => {
    const container = holder.current
    if (!container || !manifest) return
    let over = false
    let stop = (): void => undefined
    try {
      const quality = qualityFromAddress()
      const viewer = createViewer({
        container,
        look,
        ...(quality ? { quality } : {}),
        accent: colorToken('--accent'),
        background: { top: colorToken('--stage-top'), bottom: colorToken('--stage-bottom'), fog: colorToken('--stage-fog') },
      })
      stop = () => viewer.dispose()
      viewer.canvas.setAttribute('aria-label', label)
      viewer.canvas.tabIndex = 0
      viewer.on('loading', (state) => setPending(state.pending))
      let controller: StageController | null = null
      viewer.load(manifest).then(
        () => {
          if (over) return
          controller = new StageController(viewer, manifest)
          report.current(controller)
        },
        (reason: unknown) => {
          if (!over) setError(reason instanceof Error ? reason : new Error(String(reason)))
        },
      )
      stop = () => {
        report.current(null)
        controller?.dispose()
        viewer.dispose()
      }
    } catch (reason) {
      setError(reason instanceof Error ? reason : new Error(String(reason)))
    }
    return () => {
      over = true
      stop()
      setError(null)
    }
    // The label only names the canvas; a change of language must not reload the scene.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [manifest, look, theme, attempt])

  return (
    <div className={styles.stage}>
      <div ref={holder} className={styles.canvas} />
      {error ? (
        <div className={styles.message}>
          <ErrorCard title={t('stage.failed')} error={error} retry={() => setAttempt((before) => before + 1)} />
        </div>
      ) : null}
      {pending > 0 && !error ? (
        <div className={styles.loading} role="status">
          {t('stage.loading', { count: pending })}
        </div>
      ) : null}
      {children}
    </div>
  )
}
