/** Search objects by name, tag or id; choosing one flies there. Opened with `/`. */
import { SearchOutlined } from '@ant-design/icons'
import { AutoComplete, Input } from 'antd'
import type { InputRef } from 'antd'
import { useEffect, useRef, useState } from 'react'

import { api } from '../api/client'
import type { ObjectItem, Page } from '../api/types'
import { useText } from '../i18n/use-text'
import styles from './search-box.module.css'

interface Properties {
  onChoose: (item: ObjectItem) => void
  /** Gets the function that puts the cursor into the box. */
  focusRef?: React.RefObject<(() => void) | null>
}

const WAIT_MS = 180

export function SearchBox({ onChoose, focusRef }: Properties) {
  const { t } = useText()
  const [text, setText] = useState('')
  const [items, setItems] = useState<ObjectItem[]>([])
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
      setSearched('')
      return
    }
    const abort = new AbortController()
    const timer = setTimeout(() => {
      api
        .get<Page<ObjectItem>>('/objects', { q: query, limit: 12 }, abort.signal)
        .then((page) => {
          setItems(page.items)
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
        if (!item) return
        setText(item.name || item.gid)
        onChoose(item)
        input.current?.blur()
      }}
      notFoundContent={searched ? t('search.nothing', { text: searched }) : null}
      popupMatchSelectWidth={420}
      options={items.map((item) => ({
        value: item.gid,
        label: (
          <div className={styles.hit}>
            <strong>{item.name || item.gid}</strong>
            <span>{[item.ifc_class || item.type, item.storey_name, item.layer].filter(Boolean).join(' · ')}</span>
          </div>
        ),
      }))}
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
