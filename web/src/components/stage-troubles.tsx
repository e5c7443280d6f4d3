/** What the stage could not load, or lost, in one line: said, with a way to try again; the rest of the park is shown all the same. */
import { Button } from 'antd'
import { useEffect, useState } from 'react'

import { useText } from '../i18n/use-text'
import type { Viewer, ViewerEvents } from '../viewer/types'
import { SeverityMark } from './severity-mark'
import styles from './stage.module.css'

export type Trouble = ViewerEvents['error']

/** Layers of what was not loaded; the message of a tile's error begins with its layer. */
export function layersOf(troubles: readonly Trouble[]): string[] {
  return [...new Set(troubles.filter(({ code }) => code !== 'context-lost').map(({ message }) => message.split(':')[0] ?? ''))]
}

export function StageTroubles({ viewer, names }: { viewer: Viewer; names: (layer: string) => string }) {
  const { t } = useText()
  const [troubles, setTroubles] = useState<readonly Trouble[]>([])
  useEffect(() => {
    const stop = viewer.on('error', (one) => setTroubles((before) => (before.some(({ code, url, message }) => code === one.code && url === one.url && message === one.message) ? before : [...before, one])))
    const back = (): void => setTroubles((before) => before.filter(({ code }) => code !== 'context-lost'))
    viewer.canvas.addEventListener('webglcontextrestored', back)
    return () => {
      stop()
      viewer.canvas.removeEventListener('webglcontextrestored', back)
    }
  }, [viewer])
  const [short, setShort] = useState(() => viewer.statistics().strain.memory > 1)
  useEffect(() => viewer.on('strain', ({ memory }) => setShort(memory > 1)), [viewer])
  const layers = layersOf(troubles)
  if (troubles.length === 0) return short ? <MemoryShort /> : null
  return (
    <div className={styles.troubles} role="alert">
      {short ? <p>{t('stage.memoryShort')}</p> : null}
      {troubles.some(({ code }) => code === 'context-lost') ? (
        <p>
          <SeverityMark mark="minor" /> {t('stage.contextLost')}
        </p>
      ) : null}
      {layers.length > 0 ? (
        <p>
          <SeverityMark mark="minor" /> {t('stage.notLoaded', { layers: layers.map(names).join(t('stage.and')) })}
          <Button
            size="small"
            onClick={() => {
              setTroubles([])
              viewer.retryTiles()
            }}
          >
            {t('action.retry')}
          </Button>
        </p>
      ) : null}
    </div>
  )
}

/** Quiet: nothing is lost, and nothing need be done. */
function MemoryShort() {
  const { t } = useText()
  return (
    <div className={styles.note} role="status">
      {t('stage.memoryShort')}
    </div>
  )
}
