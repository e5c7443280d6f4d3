import type { Legend } from './live-colours'
import { RAMP_CSS } from './ramp'

/** Ramp, unit and the time of the data: small, at the lower left of the widget. */
export class LegendView {
  readonly element = document.createElement('div')
  private readonly scale = document.createElement('span')
  private readonly time = document.createElement('time')

  constructor() {
    this.element.className = 'legend'
    this.element.setAttribute('part', 'legend')
    this.element.hidden = true
    const bar = document.createElement('i')
    bar.style.background = RAMP_CSS
    this.element.append(bar, this.scale, this.time)
  }

  show(legend: Legend): void {
    this.element.hidden = false
    this.scale.textContent = `${legend.min} … ${legend.max} ${legend.unit}`
    const date = new Date(legend.time)
    this.time.dateTime = date.toISOString()
    this.time.textContent = date.toLocaleTimeString()
  }

  hide(): void {
    this.element.hidden = true
  }
}
