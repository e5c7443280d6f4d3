/** A line of states to go back and forth on. A new state after going back drops what lay ahead. */
export class History<T> {
  private readonly past: T[] = []
  private ahead: T[] = []

  constructor(
    private present: T,
    private readonly same: (a: T, b: T) => boolean,
    private readonly most = 100,
  ) {}

  /** The state as it is now; nothing happens where it is what it was. Whether it was new. */
  note(next: T): boolean {
    if (this.same(this.present, next)) return false
    this.past.push(this.present)
    if (this.past.length > this.most) this.past.shift()
    this.present = next
    this.ahead = []
    return true
  }

  get canUndo(): boolean {
    return this.past.length > 0
  }

  get canRedo(): boolean {
    return this.ahead.length > 0
  }

  /** The state before, or null at the beginning. */
  undo(): T | null {
    const before = this.past.pop()
    if (before === undefined) return null
    this.ahead.push(this.present)
    return (this.present = before)
  }

  /** The state that was left by going back, or null where there is none. */
  redo(): T | null {
    const next = this.ahead.pop()
    if (next === undefined) return null
    this.past.push(this.present)
    return (this.present = next)
  }
}
