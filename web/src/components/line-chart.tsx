/** A time chart on uPlot: follows its frame's size and the theme's tokens; cheap enough for several updates a second. */
import { useEffect, useRef } from 'react'
import type { KeyboardEvent } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

import { useStore } from '../api/store'
import { formatClock, formatMonthDay, formatNumber } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { appearance, token } from '../styles/scale'

export interface Series {
  label: string
  /** Name of a colour token, for example `--series-1`. */
  color: string
  fill?: boolean
  /** Marks without a line. */
  dots?: boolean
}

interface Properties {
  /** Times in epoch seconds, then one column per series. */
  data: uPlot.AlignedData
  series: readonly Series[]
  unit: string
  label: string
  /** A low and high series drawn as a band: their indices in `data`. */
  band?: [number, number]
  /** Lets people read and zoom: by pointer, or by arrows, Home, End, + and − while it has the focus. */
  explore?: {
    zoomed: boolean
    /** The row of `data` under the cursor; null without. */
    onRow: (row: number | null) => void
    /** A span was dragged or stepped to, epoch seconds; null: show all again. */
    onZoom: (span: [number, number] | null) => void
  }
}

const ZOOM_STEP = 2
/** A drag shorter than this, px, is a click. */
const LEAST_DRAG = 6

/** Hours and minutes; with seconds where ticks are closer than a minute, month and day where they are far apart. */
function clockTicks(_plot: uPlot, splits: number[]): string[] {
  const step = (splits[1] ?? 0) - (splits[0] ?? 0)
  if (step >= 43_200) return splits.map((seconds) => formatMonthDay(seconds * 1000))
  const fine = step < 60
  return splits.map((seconds) => formatClock(seconds * 1000).slice(0, fine ? 8 : 5))
}

/** A tenth of room around the values, and never a range so narrow that noise fills the chart. */
export function paddedRange(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1]
  const middle = (low + high) / 2
  const half = Math.max((high - low) * 0.6, Math.abs(middle) * 0.03, 1e-6)
  const bottom = middle - half
  return [low >= 0 ? Math.max(0, bottom) : bottom, middle + half]
}

export function LineChart({ data, series, unit, label, band, explore }: Properties) {
  const frame = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const latest = useRef(data)
  latest.current = data
  const told = useRef(explore)
  told.current = explore
  const explorable = explore !== undefined
  const { language } = useText()
  const theme = useStore(appearance, (value) => value.theme)
  const scale = useStore(appearance, (value) => value.unit)
  const signature = JSON.stringify([series, unit, band, theme, scale, language, explorable])

  useEffect(() => {
    const element = frame.current
    if (!element) return
    const size = (theme === 'wall' ? 18 : 12) * scale
    const axis: uPlot.Axis = {
      stroke: token('--text-2'),
      font: `${size * 0.86}px ${token('--font')}`,
      grid: { stroke: token('--hairline'), width: 1 },
      ticks: { show: false },
      gap: size * 0.3,
    }
    const chart = new uPlot(
      {
        width: element.clientWidth || 300,
        height: element.clientHeight || 120,
        legend: { show: false },
        cursor: { points: { size: 6 }, y: false, drag: { x: explorable, y: false, setScale: false, dist: LEAST_DRAG } },
        hooks: {
          setCursor: [(self) => told.current?.onRow(self.cursor.idx ?? null)],
          setSelect: [
            (self) => {
              const { left, width } = self.select
              if (width >= LEAST_DRAG) told.current?.onZoom([self.posToVal(left, 'x'), self.posToVal(left + width, 'x')])
              self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
            },
          ],
        },
        // To the right, half of the widest label: a clock with seconds.
        padding: [size * 0.5, size * 2.1, 0, 0],
        scales: { x: { time: true }, y: { range: (_plot, low, high) => paddedRange(low, high) } },
        series: [
          {},
          ...series.map((one): uPlot.Series => {
            const color = token(one.color)
            return {
              label: one.label,
              stroke: color,
              width: 2 * scale,
              points: one.dots ? { show: true, size: 7 * scale, fill: color, width: 0 } : { show: false },
              ...(one.dots ? { paths: () => null } : {}),
              fill: one.fill ? `color-mix(in srgb, ${color} 18%, transparent)` : undefined,
            }
          }),
        ],
        bands: band ? [{ series: [band[1], band[0]], fill: `color-mix(in srgb, ${token('--accent')} 20%, transparent)` }] : [],
        axes: [
          { ...axis, values: clockTicks, size: size * 1.5, space: size * 5 },
          {
            ...axis,
            size: size * 3.1,
            space: size * 1.6,
            values: (_plot, splits) => splits.map((value) => formatNumber(value, language)),
          },
        ],
      },
      latest.current,
      element,
    )
    plot.current = chart
    const watch = new ResizeObserver(() => {
      if (element.clientWidth > 0 && element.clientHeight > 0) {
        chart.setSize({ width: element.clientWidth, height: element.clientHeight })
      }
    })
    watch.observe(element)
    return () => {
      watch.disconnect()
      chart.destroy()
      plot.current = null
    }
    // `signature` stands for series, unit and band by value.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [signature])

  useEffect(() => {
    plot.current?.setData(data)
  }, [data])

  const onKeyDown = (event: KeyboardEvent): void => {
    const chart = plot.current
    if (!chart || event.ctrlKey || event.metaKey || event.altKey) return
    const times = chart.data[0]
    const last = times.length - 1
    const row = chart.cursor.idx ?? null
    const [first, end] = [times[0] ?? 0, times[last] ?? 0]
    const step = event.shiftKey ? Math.max(1, Math.round(last / 20)) : 1
    const next = { ArrowLeft: (row ?? last + 1) - step, ArrowRight: (row ?? -1) + step, Home: 0, End: last }[event.key]
    if (next !== undefined) chart.setCursor({ left: chart.valToPos(times[Math.max(0, Math.min(last, next))] ?? end, 'x'), top: 0 })
    else if (event.key === '+' || event.key === '=') {
      const middle = times[row ?? -1] ?? (first + end) / 2
      const half = (end - first) / (2 * ZOOM_STEP)
      explore?.onZoom([middle - half, middle + half])
    } else if (explore?.zoomed && ['-', '0', 'Escape'].includes(event.key)) explore.onZoom(null)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div
      ref={frame}
      role="img"
      aria-label={label}
      {...(explorable ? { tabIndex: 0, onKeyDown, onDoubleClick: () => explore.onZoom(null) } : {})}
      style={{ width: '100%', height: '100%', minHeight: 0, overflow: 'hidden' }}
    />
  )
}
