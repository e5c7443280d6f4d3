/** A line without axes: the direction of a figure. Decorative beside the value, so hidden from readers. */

interface Properties {
  values: readonly (number | null)[]
  /** rem */
  width?: number
  height?: number
  color?: string
  fill?: boolean
}

export function Sparkline({ values, width = 6, height = 1.75, color = 'var(--accent)', fill = true }: Properties) {
  const numbers = values.filter((value): value is number => value !== null && Number.isFinite(value))
  if (numbers.length < 2) return null
  const low = Math.min(...numbers)
  const high = Math.max(...numbers)
  const span = high - low || 1
  const step = 100 / (values.length - 1)
  const points = values.flatMap((value, index) =>
    value === null || !Number.isFinite(value) ? [] : [`${(index * step).toFixed(2)},${(28 - ((value - low) / span) * 26).toFixed(2)}`],
  )
  const line = `M${points.join('L')}`
  return (
    <svg viewBox="0 0 100 30" preserveAspectRatio="none" style={{ width: `${width}rem`, height: `${height}rem` }} aria-hidden="true">
      {fill ? <path d={`${line}L100,30L0,30Z`} fill={color} opacity="0.14" /> : null}
      <path d={line} fill="none" stroke={color} strokeWidth="1.6" vectorEffect="non-scaling-stroke" strokeLinejoin="round" />
    </svg>
  )
}
