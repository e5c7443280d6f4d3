/** The elements of a finding: by name, class and storey where the park knows them, else by gid. */
import { api } from '../../api/client'
import { useResource } from '../../api/resource'
import type { ObjectItem } from '../../api/types'
import { useText } from '../../i18n/use-text'
import styles from './review-desk.module.css'

interface Properties {
  gids: readonly string[]
  onObject: (gid: string) => void
}

const SHOWN = 20

export function FindingElements({ gids, onObject }: Properties) {
  const { t } = useText()
  const shown = gids.slice(0, SHOWN)
  const asked = shown.map((gid) => `gid=${encodeURIComponent(gid)}`).join('&')
  const { data } = useResource<ObjectItem[]>(asked ? `objects/items?${asked}` : null, () => api.get(`/objects/items?${asked}`))
  const known = new Map(data?.map((item) => [item.gid, item]))
  return (
    <>
      <ul className={styles.elements}>
        {shown.map((gid) => {
          const item = known.get(gid)
          return (
            <li key={gid}>
              <button type="button" title={gid} onClick={() => onObject(gid)}>
                {item?.name ?? item?.type ?? gid}
              </button>
              {item ? <small>{[item.ifc_class ?? item.type, item.storey_name].filter(Boolean).join(' · ')}</small> : null}
            </li>
          )
        })}
      </ul>
      {gids.length > SHOWN ? <p>{t('card.more', { count: gids.length - SHOWN })}</p> : null}
    </>
  )
}
