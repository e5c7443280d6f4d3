/** A ring of shares with a figure in the middle. */
import type { ReactNode } from 'react'

export interface Share {
  key: string
  value: number
  color: string
}

interface Properties {
  shares: readonly Share[]
  label: string
  /** rem */
  size?: number
  children?: ReactNode
}

const RADIUS = 42
const AROUND = 2 * Math.PI * RADIUS

export function Donut({ shares, label, size = 7.5, children }: Properties) {
  const total = shares.reduce((sum, share) => sum + share.value, 0)
  let before = 0
  return (
    <div style={{ position: 'relative', width: `${size}rem`, height: `${size}rem`, flex: 'none' }}>
      <svg viewBox="0 0 100 100" role="img" aria-label={label} style={{ width: '100%', height: '100%', transform: 'rotate(-90deg)' }}>
        <circle cx="50" cy="50" r={RADIUS} fill="none" stroke="var(--track)" strokeWidth="10" />
        {total > 0
          ? shares.map((share) => {
              const length = (share.value / total) * AROUND
              const offset = -before
              before += length
              return length > 0 ? (
                <circle
                  key={share.key}
                  cx="50"
                  cy="50"
                  r={RADIUS}
                  fill="none"
                  stroke={share.color}
                  strokeWidth="10"
                  strokeDasharray={`${Math.max(0, length - 1.2)} ${AROUND}`}
                  strokeDashoffset={offset}
                />
              ) : null
            })
          : null}
      </svg>
      <div style={{ position: 'absolute', inset: 0, display: 'grid', placeContent: 'center', textAlign: 'center', lineHeight: 1.15 }}>
        {children}
      </div>
    </div>
  )
}
