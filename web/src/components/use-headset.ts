/** Whether this browser drives a headset, and why not. */
import { useEffect, useState } from 'react'

export type HeadsetState = 'ready' | 'none' | 'insecure' | 'unsupported'

async function ask(): Promise<HeadsetState> {
  if (!globalThis.isSecureContext) return 'insecure'
  const { xr } = navigator
  if (!xr) return 'unsupported'
  return (await xr.isSessionSupported('immersive-vr').catch(() => false)) ? 'ready' : 'none'
}

/** null until it is known; asked again when a headset is plugged in or out. */
export function useHeadsetState(): HeadsetState | null {
  const [state, setState] = useState<HeadsetState | null>(null)
  useEffect(() => {
    let over = false
    const look = (): void => void ask().then((found) => !over && setState(found))
    look()
    const xr = navigator.xr as EventTarget | undefined
    xr?.addEventListener?.('devicechange', look)
    return () => {
      over = true
      xr?.removeEventListener?.('devicechange', look)
    }
  }, [])
  return state
}
