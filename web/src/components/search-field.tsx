/** Search objects and concepts by name, tag or id; choosing one flies there or opens its card. */
import { SearchOutlined } from '@ant-design/icons'
import { AutoComplete, Input } from 'antd'
import type { InputRef } from 'antd'
import { useEffect, useRef, useState } from 'react'

import { api } from '../api/client'
import type { ConceptItem, ObjectItem, Page } from '../api/types'
import { useText } from '../i18n/use-text'
import { conceptName } from './card-parts'
import styles from './search-field.module.css'

export interface SearchProperties {
  onChoose: (item: ObjectItem) => void
  onConcept: (gid: string) => void
  /** Gets the function that puts the cursor into the box. */
  focusRef?: React.RefObject<(() => void) | null>
}

const WAIT_MS = 180
/** Few, so that both groups are found at a glance. */
const OBJECTS = 8
const CONCEPTS = 5
const LIST_PX = 420

export function SearchField({ onChoose, onConcept, focusRef }: SearchProperties) {
  const { t } = useText()
  const [text, setText] = useState('')
  const [items, setItems] = useState<ObjectItem[]>([])
  const [concepts, setConcepts] = useState<ConceptItem[]>([])
  const [searched, setSearched] = useState('')
  const input = useRef<InputRef>(null)

  useEffect(() => {
    if (!focusRef) return
    focusRef.current = () => input.current?.focus({ cursor: 'all' })
    return () => {
      focusRef.current = null
    }
  }, [focusRef])

  useEffect(() => {
    const query = text.trim()
    if (query === '') {
      setItems([])
      setConcepts([])
      setSearched('')
      return
    }
    const abort = new AbortController()
    const timer = setTimeout(() => {
      Promise.all([
        api.get<Page<ObjectItem>>('/objects', { q: query, limit: OBJECTS }, abort.signal),
        api.get<Page<ConceptItem>>('/concepts', { q: query, limit: CONCEPTS }, abort.signal),
      ])
        .then(([found, related]) => {
          setItems(found.items)
          setConcepts(related.items)
          setSearched(query)
        })
        .catch(() => {
          if (!abort.signal.aborted) setSearched(query)
        })
    }, WAIT_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [text])

  return (
    <AutoComplete
      className={styles.search}
      value={text}
      onChange={setText}
      onSelect={(gid: string) => {
        const item = items.find((candidate) => candidate.gid === gid)
        const concept = concepts.find((candidate) => candidate.gid === gid)
        if (concept) {
          setText(concept.name || concept.gid)
          onConcept(concept.gid)
          input.current?.blur()
        }
        if (!item) return
        setText(item.name || item.gid)
        onChoose(item)
        input.current?.blur()
      }}
      notFoundContent={searched ? t('search.nothing', { text: searched }) : null}
      popupMatchSelectWidth={420}
      placement="topLeft" // the box stands at the foot of the wall
      listHeight={LIST_PX}
      virtual={false}
      options={[
        ...items.map((item) => ({
          value: item.gid,
          label: <Hit name={item.name || item.gid} about={[item.ifc_class || item.type, item.storey_name, item.layer]} />,
        })),
        ...(concepts.length > 0
          ? [
              {
                label: t('card.concepts'),
                options: concepts.map((item) => ({
                  value: item.gid,
                  label: <Hit name={item.name || item.gid} about={[conceptName(item.kind, t), item.layer]} />,
                })),
              },
            ]
          : []),
      ]}
    >
      <Input
        ref={input}
        prefix={<SearchOutlined aria-hidden />}
        placeholder={t('search.placeholder')}
        aria-label={t('search.label')}
        allowClear
        onKeyDown={(event) => {
          if (event.key === 'Escape') input.current?.blur()
        }}
      />
    </AutoComplete>
  )
}

function Hit({ name, about }: { name: string; about: (string | null)[] }) {
  return (
    <div className={styles.hit}>
      <strong>{name}</strong>
      <span>{about.filter(Boolean).join(' · ')}</span>
    </div>
  )
}
