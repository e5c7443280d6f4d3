/** Many rows of a report, of which only those in sight are drawn; a head stands above. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import type { ReactNode } from 'react'

import { useStore } from '../../api/store'
import { appearance } from '../../styles/scale'
import styles from './wizards.module.css'

interface Properties {
  label: string
  /** Of the grid, as CSS has it. */
  columns: string
  head: readonly string[]
  count: number
  /** Cells of a row. */
  row: (index: number) => readonly ReactNode[]
  bad?: (index: number) => boolean
}

const ROW = 37

export function ReportRows({ label, columns, head, count, row, bad }: Properties) {
  const frame = useRef<HTMLDivElement>(null)
  const unit = useStore(appearance, (value) => value.unit)
  const virtual = useVirtualizer({ count, getScrollElement: () => frame.current, estimateSize: () => ROW * unit, overscan: 8 })
  const cells = (texts: readonly ReactNode[], role: 'cell' | 'columnheader') =>
    texts.map((text, column) => (
      <span key={column} role={role}>
        {text}
      </span>
    ))
  return (
    <div className={styles.report} role="table" aria-label={label} aria-rowcount={count}>
      <div role="rowgroup">
        <div role="row" className={styles.head} style={{ gridTemplateColumns: columns }}>
          {cells(head, 'columnheader')}
        </div>
      </div>
      <div ref={frame} className={`${styles.rows} scroll`} tabIndex={0} role="rowgroup" aria-label={label}>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          {virtual.getVirtualItems().map(({ key, index, start }) => (
            <div
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              role="row"
              className={styles.row}
              data-bad={bad?.(index) ?? false}
              style={{ gridTemplateColumns: columns, transform: `translateY(${start}px)` }}
            >
              {cells(row(index), 'cell')}
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}
