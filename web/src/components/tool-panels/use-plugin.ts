/** A plugin of the stage's viewer: null until its code has arrived. */
import { useEffect, useState } from 'react'

import type { Plugins } from '../../viewer/types'
import { useStage } from '../stage-context'
import { useToast } from '../toast'

export function usePlugin<K extends keyof Plugins>(name: K): Plugins[K] | null {
  const stage = useStage()
  const toast = useToast()
  const [plugin, setPlugin] = useState<Plugins[K] | null>(null)
  useEffect(() => {
    let over = false
    stage?.viewer.use(name).then((made) => {
      if (!over) setPlugin(made)
    }, toast.problem)
    return () => {
      over = true
      setPlugin(null)
    }
  }, [stage, name, toast])
  return plugin
}
