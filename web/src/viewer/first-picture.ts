/** Milliseconds that the first picture waits for something to show: an empty stage would take the time of what is on its way. */
const EMPTY_AFTER_MS = 400

/** The wait for the first picture; `prepare` begins what can be made ready meanwhile. */
export class FirstPicture {
  private prepared = false
  private readonly emptyAt: number

  constructor(
    private readonly prepare: () => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.emptyAt = now() + EMPTY_AFTER_MS
  }

  /** Whether the picture is put off, because nothing would be seen in it yet. */
  awaited(): boolean {
    if (this.now() >= this.emptyAt) return false
    if (!this.prepared) {
      this.prepared = true
      this.prepare()
    }
    return true
  }
}
