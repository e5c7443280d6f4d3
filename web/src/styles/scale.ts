/**
 * Theme and root unit. On the wall one rem is 16 px × u with u = min(width/1920, height/1080), so the
 * whole layout grows with the screen while the 3D canvas keeps its native pixels; the desk stays at 16 px.
 */
import { createStore } from '../api/store'

export type ThemeName = 'wall' | 'desk'

export interface Appearance {
  theme: ThemeName
  /** Size factor: CSS px per 1080p px. */
  unit: number
}

const SMALLEST = 0.6
/** A phone held upright scrolls instead of shrinking further: its smallest text is 13 px. */
const UPRIGHT = 0.75

export const appearance = createStore<Appearance>({ theme: 'desk', unit: 1 })

export function unitFor(theme: ThemeName, width: number, height: number): number {
  if (theme === 'desk') return 1
  return Math.max(height > width ? UPRIGHT : SMALLEST, Math.min(width / 1920, height / 1080))
}

function apply(theme: ThemeName): void {
  const unit = unitFor(theme, window.innerWidth, window.innerHeight)
  const root = document.documentElement
  root.dataset.theme = theme
  root.style.setProperty('--u', String(unit))
  root.style.fontSize = `${16 * unit}px`
  appearance.set({ theme, unit })
}

export function setTheme(theme: ThemeName): void {
  apply(theme)
}

/** Start following the window's size. */
export function watchScale(): void {
  // What `assets/theme.js` set before anything was drawn.
  apply(document.documentElement.dataset.theme === 'wall' ? 'wall' : 'desk')
  window.addEventListener('resize', () => apply(appearance.get().theme))
}

/** Value of a token as computed now. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

/** A colour token (#rrggbb) as 0xRRGGBB, for the 3D stage. */
export function colorToken(name: string): number {
  return Number.parseInt(token(name).replace('#', ''), 16) || 0
}
