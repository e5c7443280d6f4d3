/** A place to drop a file on, or to choose one. */
import { UploadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useRef, useState } from 'react'
import type { ReactNode } from 'react'

import { useText } from '../../i18n/use-text'
import styles from './wizards.module.css'

interface Properties {
  label: string
  /** Endings, as `.csv,.xlsx`. */
  accept: string
  file: File | null
  onFile: (file: File) => void
  children?: ReactNode
}

export function FileDrop({ label, accept, file, onFile, children }: Properties) {
  const { t } = useText()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  return (
    <div
      className={styles.drop}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        const [dropped] = event.dataTransfer.files
        if (dropped) onFile(dropped)
      }}
    >
      <Button icon={<UploadOutlined />} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <span className={styles.name}>{file?.name ?? t('devices.drop')}</span>
      {children}
      <input
        ref={input}
        type="file"
        accept={accept}
        hidden
        aria-label={label}
        onChange={(event) => {
          const [chosen] = event.target.files ?? []
          event.target.value = '' // the same file may be chosen again, mended
          if (chosen) onFile(chosen)
        }}
      />
    </div>
  )
}
