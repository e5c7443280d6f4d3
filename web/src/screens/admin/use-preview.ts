/** What the server makes of an entry that is being edited: asked again after each change, and every two seconds. */
import { useEffect, useState } from 'react'

import { previewMapping } from '../../api/connectors'
import type { MappingFields, Preview } from '../../api/connectors'

const SETTLE_MS = 250
const AGAIN_MS = 2000

export function usePreview(fields: MappingFields | undefined): Preview | undefined {
  const [shown, setShown] = useState<{ key: string; preview: Preview }>()
  const key = fields?.connector && fields.address ? JSON.stringify(fields) : ''
  useEffect(() => {
    if (!key) return
    let over = false
    let timer: ReturnType<typeof setTimeout>
    const ask = (): void => {
      previewMapping(JSON.parse(key) as MappingFields)
        .then((preview) => !over && setShown({ key, preview }))
        .catch(() => undefined) // the next answer shows; saving tells what is wrong
        .finally(() => {
          if (!over) timer = setTimeout(ask, AGAIN_MS)
        })
    }
    timer = setTimeout(ask, SETTLE_MS)
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [key])
  return key ? shown?.preview : undefined
}
