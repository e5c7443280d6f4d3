import { COLOURED, FADE, GHOST, HIDDEN, HIGHLIGHT, KEPT, LEVEL, PULSE, ROW, SELECTED } from './state-flags'
import type { Move } from './moves'
import type { StateRanges, StateTable } from './types'

/** What changed since the last upload: whole rows of the texture, first to last. */
export interface DirtyRows {
  first: number
  last: number
}

/**
 * The state of every object of the scene as RGBA bytes, one texel an object: colour and flags.
 *
 * Knows nothing of WebGL: writes mark rows, the renderer takes the marked rows once a frame. Indices outside the
 * scene are ignored, because live data may name objects of a layer that is not loaded here.
 */
export class StateStore implements StateTable {
  /** One texel more than objects: the last one belongs to faces without an id and is never written. */
  data = new Uint8Array(0)
  /** A second texel an object: pane mask (PaneSet writes it), level in an exploded view (signed), share of pixels left out. */
  extraData = new Uint8Array(0)
  rows = 0
  size = 0
  /** True while `isolate` is in force. */
  isolating = false
  /** Grows when something appears or disappears: shadows must follow. */
  shape = 0
  private pulsing = 0
  private outlined = 0
  private lifted = 0
  private faded = 0
  private ghosts = 0
  private hidden = 0
  private extraDirty = false
  private dirty = new Uint8Array(0)
  private anyDirty = false

  /** `onChange` is called at the first write after each `takeDirty`. */
  constructor(
    size: number,
    private readonly onChange: () => void = () => undefined,
  ) {
    this.resize(size)
  }

  /** Make room for `size` objects. States go where `moves` say, all others are cleared; by default those of indices that remain are kept. */
  resize(size: number, moves: readonly Move[] = [[0, Math.min(size, this.size), 0]]): void {
    const { data, extraData } = this
    this.size = size
    this.rows = Math.ceil((size + 1) / ROW)
    this.data = new Uint8Array(this.rows * ROW * 4)
    this.extraData = new Uint8Array(this.rows * ROW * 4)
    for (const [from, count, to] of moves) {
      this.data.set(data.subarray(from * 4, (from + count) * 4), to * 4)
      this.extraData.set(extraData.subarray(from * 4, (from + count) * 4), to * 4)
    }
    this.lifted = this.faded = 0
    for (let at = 0; at < size * 4; at += 4) {
      if (this.extraData[at + LEVEL]) this.lifted++
      if (this.extraData[at + FADE]) this.faded++
    }
    this.dirty = new Uint8Array(this.rows)
    this.anyDirty = false
    this.pulsing = this.outlined = this.ghosts = this.hidden = 0
    let kept = 0
    for (let state = 0; state < size; state++) {
      const flags = this.flags(state)
      if (flags & KEPT) kept++
      if (flags & PULSE) this.pulsing++
      if (flags & SELECTED) this.outlined++
      if (flags & HIGHLIGHT) this.outlined++
      if (flags & GHOST) this.ghosts++
      if (flags & HIDDEN) this.hidden++
    }
    // Else all would be ghosts where nothing of what was isolated is left.
    if (!kept) this.isolating = false
    this.shape++
  }

  color(states: ArrayLike<number>, colors: ArrayLike<number> | number | null): void {
    for (let i = 0; i < states.length; i++) {
      const colour = colors === null || typeof colors === 'number' ? colors : (colors[i] ?? null)
      this.writeColour(states[i] as number, colour)
    }
  }

  colorRanges(ranges: StateRanges, color: number | null): void {
    this.each(ranges, (state) => this.writeColour(state, color))
  }

  clearColors(): void {
    for (let state = 0; state < this.size; state++) if (this.flags(state) & COLOURED) this.writeColour(state, null)
  }

  visible(ranges: StateRanges, visible: boolean): void {
    this.each(ranges, (state) => this.flag(state, HIDDEN, !visible))
  }

  isolate(ranges: StateRanges | null): void {
    if (this.isolating) for (let state = 0; state < this.size; state++) this.flag(state, KEPT, false)
    this.isolating = ranges !== null
    this.shape++
    if (ranges) this.each(ranges, (state) => this.flag(state, KEPT, true))
    this.changed()
  }

  ghost(ranges: StateRanges, on: boolean): void {
    this.each(ranges, (state) => this.flag(state, GHOST, on))
  }

  opacity(ranges: StateRanges, opacity: number): void {
    const left = Math.round((1 - Math.min(1, Math.max(0, opacity))) * 255)
    this.each(ranges, (state) => this.writeExtra(state, FADE, left))
  }

  level(ranges: StateRanges, level: number): void {
    const byte = Math.min(127, Math.max(-128, Math.round(level))) & 255
    this.each(ranges, (state) => this.writeExtra(state, LEVEL, byte))
  }

  highlight(states: ArrayLike<number>, on: boolean): void {
    for (let i = 0; i < states.length; i++) this.flag(states[i] as number, HIGHLIGHT, on)
  }

  pulse(states: ArrayLike<number>, on: boolean): void {
    for (let i = 0; i < states.length; i++) this.flag(states[i] as number, PULSE, on)
  }

  /** Mark exactly these as selected. */
  select(states: ArrayLike<number>, previous: ArrayLike<number>): void {
    for (let i = 0; i < previous.length; i++) this.flag(previous[i] as number, SELECTED, false)
    for (let i = 0; i < states.length; i++) this.flag(states[i] as number, SELECTED, true)
  }

  /** End hiding, ghosting, fading and isolating; colours, levels, highlight, pulse and selection stay. */
  showAll(): void {
    const keep = 0xff & ~(HIDDEN | GHOST | KEPT)
    for (let state = 0; state < this.size; state++) {
      const at = state * 4 + 3
      const flags = this.data[at] as number
      if ((flags & keep) === flags) continue
      this.data[at] = flags & keep
      this.mark(state)
    }
    if (this.faded) this.opacity([[0, this.size - 1]], 1)
    this.ghosts = this.hidden = 0
    this.isolating = false
    this.shape++
    this.changed()
  }

  colorOf(state: number): number | null {
    if (!(this.flags(state) & COLOURED)) return null
    const at = state * 4
    return ((this.data[at] as number) << 16) | ((this.data[at + 1] as number) << 8) | (this.data[at + 2] as number)
  }

  flags(state: number): number {
    return state >= 0 && state < this.size ? (this.data[state * 4 + 3] as number) : 0
  }

  /** Which panes hide an object, one bit a pane. */
  paneBits(state: number): number {
    return this.extraData[state * 4] ?? 0
  }

  /** The level of an object in an exploded view. */
  levelOf(state: number): number {
    const byte = state >= 0 && state < this.size ? (this.extraData[state * 4 + LEVEL] as number) : 0
    return byte > 127 ? byte - 256 : byte
  }

  opacityOf(state: number): number {
    return state >= 0 && state < this.size ? 1 - (this.extraData[state * 4 + FADE] as number) / 255 : 1
  }

  /** Whether any object has a level other than 0. */
  get levelled(): boolean {
    return this.lifted > 0
  }

  /** Whether the second texel says anything that the shader must read. */
  get hasExtra(): boolean {
    return this.lifted + this.faded > 0
  }

  /** Whether anything is drawn with gaps: as a ghost, faded, or beside what is isolated. */
  get sparse(): boolean {
    return this.isolating || this.ghosts + this.faded > 0
  }

  /** Whether something of these objects is taken away, thinned or moved, so that one looks into or between them. */
  opened(first: number, count: number): boolean {
    if (this.isolating || this.hasExtra) return true
    if (this.hidden + this.ghosts === 0) return false
    for (let state = first; state < first + count; state++) if (this.flags(state) & (HIDDEN | GHOST)) return true
    return false
  }

  /**
   * Drawn solid: neither hidden nor a ghost nor faded by more than half. Only these can be picked, unless `ghosts` lets rays meet what
   * is drawn as a ghost as well. `volume`: spaces and zones are drawn only while they carry something; `ground` stays solid while other
   * things are isolated.
   */
  solid(state: number, volume = false, ground = false, ghosts = false): boolean {
    const flags = this.flags(state)
    if (flags & HIDDEN || (flags & GHOST && !ghosts)) return false
    if (volume && !(flags & (COLOURED | HIGHLIGHT | SELECTED | PULSE))) return false
    if (ghosts) return this.opacityOf(state) > 0.02
    if (this.faded && this.opacityOf(state) < 0.5) return false
    return ground || !this.isolating || (flags & KEPT) !== 0
  }

  /** Whether anything pulses: then frames must go on. */
  get animated(): boolean {
    return this.pulsing > 0
  }

  /** Whether anything is selected or highlighted: then the outline pass runs. */
  get hasOutline(): boolean {
    return this.outlined > 0
  }

  /** Whether the second texels changed since the last call. */
  takeExtra(): boolean {
    const dirty = this.extraDirty
    this.extraDirty = false
    return dirty
  }

  /** Runs of changed rows since the last call; empty where nothing changed. */
  takeDirty(): DirtyRows[] {
    if (!this.anyDirty) return []
    this.anyDirty = false
    const runs: DirtyRows[] = []
    for (let row = 0; row < this.rows; row++) {
      if (!this.dirty[row]) continue
      this.dirty[row] = 0
      const last = runs[runs.length - 1]
      if (last && last.last === row - 1) last.last = row
      else runs.push({ first: row, last: row })
    }
    return runs
  }

  private each(ranges: StateRanges, write: (state: number) => void): void {
    for (const [first, last] of ranges) for (let s = Math.max(0, first); s <= Math.min(last, this.size - 1); s++) write(s)
  }

  private writeColour(state: number, colour: number | null): void {
    if (!(state >= 0 && state < this.size)) return
    const at = state * 4
    const flags = this.data[at + 3] as number
    const { data } = this
    const r = colour === null ? 0 : (colour >> 16) & 255
    const g = colour === null ? 0 : (colour >> 8) & 255
    const b = colour === null ? 0 : colour & 255
    const f = colour === null ? flags & ~COLOURED : flags | COLOURED
    if (data[at] === r && data[at + 1] === g && data[at + 2] === b && flags === f) return
    data[at] = r
    data[at + 1] = g
    data[at + 2] = b
    data[at + 3] = f
    this.mark(state)
  }

  private flag(state: number, bit: number, on: boolean): void {
    if (!(state >= 0 && state < this.size)) return
    const at = state * 4 + 3
    const before = this.data[at] as number
    const after = on ? before | bit : before & ~bit
    if (after === before) return
    this.data[at] = after
    if (bit & (HIDDEN | GHOST | KEPT)) this.shape++
    if (bit === GHOST) this.ghosts += on ? 1 : -1
    if (bit === HIDDEN) this.hidden += on ? 1 : -1
    if (bit === PULSE) this.pulsing += on ? 1 : -1
    if (bit === SELECTED || bit === HIGHLIGHT) this.outlined += on ? 1 : -1
    this.mark(state)
  }

  private writeExtra(state: number, channel: number, byte: number): void {
    const at = state * 4 + channel
    const before = this.extraData[at] as number
    if (before === byte) return
    this.extraData[at] = byte
    const change = Number(byte !== 0) - Number(before !== 0)
    if (channel === LEVEL) this.lifted += change
    else this.faded += change
    this.shape++
    this.extraDirty = true
    this.changed()
  }

  private mark(state: number): void {
    this.dirty[Math.floor(state / ROW)] = 1
    if (!this.anyDirty) {
      this.anyDirty = true
      this.changed()
    }
  }

  private changed(): void {
    this.onChange()
  }
}
