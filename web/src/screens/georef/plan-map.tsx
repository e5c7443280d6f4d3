/**
 * The park from above, drawn from its own layers: outlines of published objects, candidates, and the place that
 * is being tried, which can be dragged and turned. North is up.
 */
import { memo, useEffect, useRef, useState } from 'react'

import { getOutline } from '../../api/georef'
import type { PlanLayer } from '../../api/georef'
import { useResource } from '../../api/resource'
import { useText } from '../../i18n/use-text'
import { formatNumber } from '../../i18n/format'
import type { Point } from './draft'
import { centre } from './draft'
import styles from './georef-screen.module.css'
import { useSize } from './use-size'
import { around, boxesPath, ringsPath, roundLength, worthShowing, zoomed } from './view'
import type { View } from './view'

export interface Outline {
  id: string
  ring: Point[]
  colour: string
  label: string
  used: boolean
}

interface Properties {
  plan: readonly PlanLayer[]
  own: string
  outlines: readonly Outline[]
  /** The place that is being tried; null while none is. */
  draft: Point[] | null
  chosen: string | null
  /** Changes when the map should show the chosen outline again. */
  focus: number
  onChoose: (id: string) => void
  onMove: (dx: number, dy: number) => void
  onTurn: (degrees: number) => void
}

const WHEEL = 1.0015
const HANDLE_PX = 34
const BAR_PX = 140
const LABEL_PX = 7
const GRID_PX = 90
const [STEP_M, LARGE_STEP_M, STEP_DEG] = [0.5, 5, 1]

type Grip = { kind: 'pan' | 'move' | 'turn'; at: Point; angle: number }

export function PlanMap({ plan, own, outlines, draft, chosen, focus, onChoose, onMove, onTurn }: Properties) {
  const { t, language } = useText()
  const holder = useRef<HTMLDivElement>(null)
  const size = useSize(holder)
  const [moved, setMoved] = useState<View | null>(null)
  const [grip, setGrip] = useState<Grip | null>(null)

  const target = draft ?? outlines.find((one) => one.id === chosen)?.ring ?? null
  const latest = useRef(target)
  latest.current = target
  useEffect(() => {
    if (focus > 0 && size && latest.current) setMoved({ ...around(latest.current, size), scale: around(latest.current, size).scale * 3 })
    // Only a wish to see it moves the map, not every step of a drag.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [focus])

  const view = moved ?? (size ? around(worthShowing(plan, outlines.map((one) => one.ring)), size) : null)

  useEffect(() => {
    const node = holder.current
    if (!node || !view || !size) return
    const wheel = (event: WheelEvent): void => {
      event.preventDefault() // React's own wheel listeners are passive
      const box = node.getBoundingClientRect()
      const at: Point = [view.x + (event.clientX - box.left - size.width / 2) * view.scale, view.y - (event.clientY - box.top - size.height / 2) * view.scale]
      setMoved(zoomed(view, WHEEL ** event.deltaY, at))
    }
    node.addEventListener('wheel', wheel, { passive: false })
    return () => node.removeEventListener('wheel', wheel)
  }, [view, size])

  if (!view || !size) return <div ref={holder} className={styles.map} />

  const pointOf = (event: React.PointerEvent): Point => {
    const box = holder.current?.getBoundingClientRect()
    return [view.x + (event.clientX - (box?.left ?? 0) - size.width / 2) * view.scale, view.y - (event.clientY - (box?.top ?? 0) - size.height / 2) * view.scale]
  }
  const angleOf = (point: Point): number => {
    const middle = draft ? centre(draft) : ([0, 0] as Point)
    return (Math.atan2(point[1] - middle[1], point[0] - middle[0]) * 180) / Math.PI
  }
  const take = (kind: Grip['kind']) => (event: React.PointerEvent<SVGElement>): void => {
    if (event.button !== 0) return
    event.stopPropagation()
    event.currentTarget.setPointerCapture(event.pointerId)
    const at = pointOf(event)
    setGrip({ kind, at, angle: angleOf(at) })
  }
  const drag = (event: React.PointerEvent): void => {
    if (!grip) return
    const at = pointOf(event)
    if (grip.kind === 'pan') {
      setMoved({ ...view, x: view.x - (at[0] - grip.at[0]), y: view.y - (at[1] - grip.at[1]) })
      return
    }
    if (grip.kind === 'move') onMove(at[0] - grip.at[0], at[1] - grip.at[1])
    else onTurn(angleOf(at) - grip.angle)
    setGrip({ ...grip, at, angle: angleOf(at) })
  }
  const key = (event: React.KeyboardEvent): void => {
    const step = event.shiftKey ? LARGE_STEP_M : STEP_M
    const moves: Record<string, Point> = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }
    const move = moves[event.key]
    if (move) onMove(move[0], move[1])
    else if (event.key === '[' || event.key === ']') onTurn(event.key === '[' ? STEP_DEG : -STEP_DEG)
    else return
    event.preventDefault()
  }

  const bar = roundLength(BAR_PX * view.scale)
  const grid = roundLength(GRID_PX * view.scale * 2)
  const edges = { x0: view.x - (size.width / 2) * view.scale, y0: view.y - (size.height / 2) * view.scale }
  const handle = draft ? turnHandle(draft, HANDLE_PX * view.scale) : null
  return (
    <div ref={holder} className={styles.map} data-testid="plan">
      <svg width={size.width} height={size.height} role="img" aria-label={t('georef.plan')} onPointerMove={drag} onPointerUp={() => setGrip(null)} onPointerCancel={() => setGrip(null)}>
        <rect width={size.width} height={size.height} className={styles.ground} onPointerDown={take('pan')} style={{ cursor: grip?.kind === 'pan' ? 'grabbing' : 'grab' }} />
        <g transform={`translate(${size.width / 2} ${size.height / 2}) scale(${1 / view.scale} ${-1 / view.scale}) translate(${-view.x} ${-view.y})`}>
          <Grid step={grid} x0={edges.x0} y0={edges.y0} width={size.width * view.scale} height={size.height * view.scale} />
          {plan.map((layer) => (
            <Ground key={layer.layer} layer={layer} own={layer.layer === own} />
          ))}
          {outlines.map((one) => (
            <path key={one.id} d={ringPath(one.ring)} className={styles.outline} style={{ color: one.colour }} data-chosen={one.id === chosen} data-used={one.used} onClick={() => onChoose(one.id)}>
              <title>{one.label}</title>
            </path>
          ))}
          {draft ? (
            <path d={ringPath(draft)} className={styles.draft} tabIndex={0} role="slider" aria-label={t('georef.draft')} aria-valuetext={t('georef.draftKeys')} aria-valuenow={0} onPointerDown={take('move')} onKeyDown={key} data-testid="draft" />
          ) : null}
          {draft && handle ? (
            <g className={styles.handle} onPointerDown={take('turn')}>
              <line x1={handle.from[0]} y1={handle.from[1]} x2={handle.to[0]} y2={handle.to[1]} />
              <circle cx={handle.to[0]} cy={handle.to[1]} r={7 * view.scale} data-testid="turn" />
            </g>
          ) : null}
        </g>
        {outlines.map((one, index) => {
          const above = index % 2 === 0 // neighbours' labels keep out of each other's way
          const [x, y] = extreme(one.ring, above ? 1 : -1)
          return (
            <text key={one.id} className={styles.mapLabel} style={{ fill: one.colour }} x={size.width / 2 + (x - view.x) / view.scale} y={size.height / 2 - (y - view.y) / view.scale + (above ? -LABEL_PX : LABEL_PX * 2.5)}>
              {one.label}
            </text>
          )
        })}
        <North />
        <g transform={`translate(24 ${size.height - 28})`} className={styles.scale}>
          <path d={`M0 -6V0H${bar / view.scale}V-6`} />
          <text x={bar / view.scale / 2} y={-8}>{bar >= 1000 ? `${formatNumber(bar / 1000, language)} km` : `${formatNumber(bar, language)} m`}</text>
        </g>
      </svg>
    </div>
  )
}

/** What a layer covers; the rectangles of its objects until that is known, or where it has no outline. */
const Ground = memo(function Ground({ layer, own }: { layer: PlanLayer; own: boolean }) {
  const { data } = useResource(`outline/${layer.layer}/${layer.version}`, () => getOutline(layer.layer))
  const shapes = data?.shapes ?? []
  if (shapes.length === 0) return <path d={boxesPath(layer.boxes)} className={styles.boxes} data-group={layer.group} data-own={own} />
  return shapes.map((shape) => (
    <path key={shape.type} d={ringsPath(shape.rings)} fillRule="evenodd" className={styles.boxes} data-group={layer.group} data-own={own} />
  ))
})

function Grid({ step, x0, y0, width, height }: { step: number; x0: number; y0: number; width: number; height: number }) {
  const lines: string[] = []
  for (let x = Math.ceil(x0 / step) * step; x < x0 + width; x += step) lines.push(`M${x} ${y0}v${height}`)
  for (let y = Math.ceil(y0 / step) * step; y < y0 + height; y += step) lines.push(`M${x0} ${y}h${width}`)
  return <path d={lines.join('')} className={styles.grid} />
}

function North() {
  const { t } = useText()
  return (
    <g transform="translate(40 48)" className={styles.north}>
      <path d="M0 -22 8 10 0 4 -8 10Z" />
      <text y={28}>{t('georef.north')}</text>
    </g>
  )
}

function ringPath(ring: readonly Point[]): string {
  return `M${ring.map(([x, y]) => `${x} ${y}`).join('L')}Z`
}

/** The topmost corner, or with sign -1 the lowest: the label stands there. */
function extreme(ring: readonly Point[], sign: 1 | -1): Point {
  return ring.reduce((best, point) => (sign * point[1] > sign * best[1] ? point : best), ring[0] ?? [0, 0])
}

/** From the middle of the side that looks along the model's x axis, outwards. */
function turnHandle(ring: readonly Point[], length: number): { from: Point; to: Point } | null {
  const [b, c] = [ring[1], ring[2]]
  if (!b || !c) return null
  const from: Point = [(b[0] + c[0]) / 2, (b[1] + c[1]) / 2]
  const middle = centre(ring)
  const reach = Math.hypot(from[0] - middle[0], from[1] - middle[1]) || 1
  return { from, to: [from[0] + ((from[0] - middle[0]) / reach) * length, from[1] + ((from[1] - middle[1]) / reach) * length] }
}
