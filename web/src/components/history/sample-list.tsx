/** Samples by time; a run of them can be chosen. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'

import type { SamplePage } from '../../api/history'
import { useStore } from '../../api/store'
import { QUALITY } from '../../api/types'
import { formatMoment, formatReading, unitText } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { appearance } from '../../styles/scale'
import styles from './history.module.css'
import { bounds, chosenByKey } from './sample-rows'
import type { Chosen } from './sample-rows'

interface Properties {
  page: SamplePage
  unit: string
  chosen: Chosen | null
  onChoose: (chosen: Chosen) => void
}

const ROW = 32

export function SampleList({ page, unit, chosen, onChoose }: Properties) {
  const { t, language } = useText()
  const frame = useRef<HTMLDivElement>(null)
  const scale = useStore(appearance, (value) => value.unit)
  const count = page.t.length
  const virtual = useVirtualizer({ count, getScrollElement: () => frame.current, estimateSize: () => ROW * scale, overscan: 10 })
  const [first, last] = chosen ? bounds(chosen) : [1, 0]
  const words = (row: number): string => {
    const { [row]: quality } = page.quality
    return quality === QUALITY.bad ? t('quality.bad') : quality === QUALITY.stale ? t('quality.stale') : t('history.good')
  }
  const read = (value: number | null | undefined): string => `${formatReading(value, unit, language)} ${unitText(unit, language)}`
  return (
    <>
      <div className={`${styles.row} ${styles.head}`} aria-hidden="true">
        <span>{t('history.time')}</span>
        <span>{t('history.value')}</span>
        <span>{t('history.quality')}</span>
      </div>
      <div
        ref={frame}
        className={`${styles.rows} scroll`}
        role="listbox"
        tabIndex={0}
        aria-multiselectable
        aria-label={t('history.samples')}
        {...(chosen ? { 'aria-activedescendant': `sample-${chosen.row}` } : {})}
        onKeyDown={(event) => {
          const next = chosenByKey(event.key, event.shiftKey, event.ctrlKey || event.metaKey, chosen, count)
          if (!next) return
          event.preventDefault()
          onChoose(next)
          virtual.scrollToIndex(next.row)
        }}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          {virtual.getVirtualItems().map(({ key, index, start, size }) => (
            <div
              key={key}
              id={`sample-${index}`}
              role="option"
              aria-selected={index >= first && index <= last}
              className={styles.row}
              data-bad={page.quality[index] === QUALITY.bad}
              style={{ height: size, transform: `translateY(${start}px)` }}
              onMouseDown={(event) => event.shiftKey && event.preventDefault()}
              onClick={(event) => onChoose({ anchor: event.shiftKey && chosen ? chosen.anchor : index, row: index })}
            >
              <time>{formatMoment(page.t[index])}</time>
              <span>
                {read(page.value[index])}
                {page.corrected[index] ? <span className={styles.quiet}> ({t('history.arrived', { value: formatReading(page.original[index], unit, language) })})</span> : null}
              </span>
              <span>{words(index)}</span>
            </div>
          ))}
        </div>
      </div>
    </>
  )
}
