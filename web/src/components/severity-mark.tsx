/** Severity by shape and colour: octagon, triangle, diamond, circle, tick, hatched ring. Text stands beside it. */
import type { Severity } from '../api/types'

export type Mark = Severity | 'normal' | 'stale'

const SHAPES: Record<Mark, React.ReactNode> = {
  critical: (
    <>
      <path d="M7 1.5h6l5.5 5.5v6L13 18.5H7L1.5 13V7z" fill="currentColor" />
      <path d="M10 5.2v5.6M10 13.4v1.4" stroke="#fff" strokeWidth="2.1" strokeLinecap="round" />
    </>
  ),
  major: (
    <>
      <path d="M10 1.8 19 17.6H1z" fill="currentColor" strokeLinejoin="round" stroke="currentColor" strokeWidth="1" />
      <path d="M10 7.2v4.6M10 14.3v.9" stroke="#1b0f00" strokeWidth="2" strokeLinecap="round" />
    </>
  ),
  minor: (
    <>
      <path d="M10 1 19 10l-9 9-9-9z" fill="currentColor" />
      <path d="M10 6v4.8M10 13.4v.9" stroke="#2b1f00" strokeWidth="2" strokeLinecap="round" />
    </>
  ),
  notice: (
    <>
      <circle cx="10" cy="10" r="8.5" fill="currentColor" />
      <path d="M10 9.2v5M10 5.7v.9" stroke="#00172e" strokeWidth="2" strokeLinecap="round" />
    </>
  ),
  normal: (
    <>
      <circle cx="10" cy="10" r="8.5" fill="currentColor" />
      <path d="m6 10.2 2.8 2.9L14.2 7" stroke="#00251a" strokeWidth="2" fill="none" strokeLinecap="round" />
    </>
  ),
  stale: (
    <>
      <circle cx="10" cy="10" r="7.6" fill="none" stroke="currentColor" strokeWidth="1.6" strokeDasharray="2.6 2" />
      <path d="M5 13 13 5M7 15 15 7" stroke="currentColor" strokeWidth="1.3" />
    </>
  ),
}

interface Properties {
  mark: Mark
  label?: string
  /** rem */
  size?: number
  blink?: boolean
}

export function SeverityMark({ mark, label, size = 1.25, blink = false }: Properties) {
  return (
    <svg
      viewBox="0 0 20 20"
      width={`${size}rem`}
      height={`${size}rem`}
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
      style={{
        color: `var(--severity-${mark})`,
        flex: 'none',
        animation: blink ? 'critical-blink 1s steps(2, jump-none) infinite' : undefined,
      }}
    >
      {SHAPES[mark]}
    </svg>
  )
}
