/** The park from above; a click goes there. */
import { useEffect, useRef } from 'react'

import { useText } from '../../i18n/use-text'
import styles from './tool-panel.module.css'
import { usePlugin } from './use-plugin'

/** Pixels of the canvas: twice its size on the page, for sharp screens. */
const PIXELS = 416

export default function MapPanel() {
  const map = usePlugin('minimap')
  const canvas = useRef<HTMLCanvasElement>(null)
  const { t } = useText()
  useEffect(() => {
    map?.attach(canvas.current)
    return () => map?.attach(null)
  }, [map])
  return (
    <div className={styles.map}>
      <canvas ref={canvas} width={PIXELS} height={PIXELS} role="img" aria-label={`${t('mapping.title')}: ${t('mapping.hint')}`} title={t('mapping.hint')} />
    </div>
  )
}
