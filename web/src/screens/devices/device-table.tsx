/** The devices as a virtual table: tens of thousands of rows, of which those in sight are drawn and fetched. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'

import type { DeviceRow } from '../../api/devices'
import { useStore } from '../../api/store'
import { formatAge, NO_VALUE } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { appearance } from '../../styles/scale'
import type { DeviceWindow } from './device-window'
import { StatusMark } from './status-mark'
import styles from './devices-screen.module.css'

export const COLUMNS = ['status', 'id', 'name', 'kind', 'model', 'storey_name', 'heard_at', 'due'] as const
export type Column = (typeof COLUMNS)[number]

interface Properties {
  list: DeviceWindow
  /** Moves with every change of the list. */
  version: number
  chosen: string | null
  sort: Column
  descending: boolean
  onSort: (column: Column) => void
  onChoose: (device: string) => void
}

export function DeviceTable({ list, version, chosen, sort, descending, onSort, onChoose }: Properties) {
  const { t, language } = useText()
  const unit = useStore(appearance, (value) => value.unit)
  const frame = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState(0)
  const count = list.total ?? 0
  const height = 34 * unit
  const virtual = useVirtualizer({ count, getScrollElement: () => frame.current, estimateSize: () => height, overscan: 10 })
  const items = virtual.getVirtualItems()
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0]
  useEffect(() => list.see(first, last), [list, first, last, version])

  const cell = (row: DeviceRow, column: Column): React.ReactNode => {
    if (column === 'status') return <StatusMark status={row.status} retired={row.state === 'retired'} />
    if (column === 'heard_at') return row.heard_at === null ? NO_VALUE : formatAge(Date.now() - row.heard_at, language)
    return row[column] || NO_VALUE
  }
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const page = Math.max(1, last - first - 12)
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count }
    const step = steps[event.key]
    const row = list.row(focused)
    if (step !== undefined) {
      const next = Math.max(0, Math.min(count - 1, focused + step))
      setFocused(next)
      virtual.scrollToIndex(next)
    } else if ((event.key === 'Enter' || event.key === ' ') && row) onChoose(row.id)
    else return
    event.preventDefault()
  }

  return (
    <div className={styles.table} role="grid" aria-label={t('devices.table')} aria-rowcount={count + 1} aria-colcount={COLUMNS.length}>
      <div className={`${styles.row} ${styles.head}`} role="row" aria-rowindex={1}>
        {COLUMNS.map((column) => (
          <button
            key={column}
            type="button"
            role="columnheader"
            aria-sort={sort === column ? (descending ? 'descending' : 'ascending') : 'none'}
            onClick={() => onSort(column)}
          >
            {t(`devices.field.${column}`)}
            <i aria-hidden="true">{sort === column ? (descending ? ' ▾' : ' ▴') : ''}</i>
          </button>
        ))}
      </div>
      <div
        ref={frame}
        className={`${styles.rows} scroll`}
        role="rowgroup"
        tabIndex={0}
        aria-label={t('devices.table')}
        aria-activedescendant={count > 0 ? `device-${focused}` : undefined}
        onKeyDown={onKeyDown}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          {items.map((item) => {
            const row = list.row(item.index)
            return (
              <div
                key={item.key}
                id={`device-${item.index}`}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={row !== undefined && row.id === chosen}
                data-focused={item.index === focused || undefined}
                className={styles.row}
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
                onClick={() => {
                  setFocused(item.index)
                  if (row) onChoose(row.id)
                }}
              >
                {COLUMNS.map((column) => (
                  <span key={column} role="gridcell" title={row && column !== 'status' && column !== 'heard_at' ? (row[column] ?? '') : undefined}>
                    {row ? cell(row, column) : '…'}
                  </span>
                ))}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}
