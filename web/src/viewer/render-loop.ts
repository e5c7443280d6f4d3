/**
 * Frames on demand: at rest no frame is asked for. `wake` asks for one; `tick` says whether another is needed at once; `later`
 * comes back after a while without drawing, for example to see what the network brought.
 */
export class RenderLoop {
  private frame = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private last = 0
  private stopped = false
  private paused = false
  private hurried = false

  constructor(private readonly tick: (seconds: number) => boolean) {}

  wake(): void {
    if (this.stopped || this.paused || this.frame) return
    clearTimeout(this.timer)
    this.timer = undefined
    this.frame = requestAnimationFrame(this.run)
  }

  /** Take the next step as soon as what runs now is done, if `still` holds then. */
  hurry(still: () => boolean): void {
    if (this.hurried) return
    this.hurried = true
    queueMicrotask(() => {
      this.hurried = false
      if (this.stopped || this.paused || !still()) return
      cancelAnimationFrame(this.frame)
      clearTimeout(this.timer)
      this.timer = undefined
      this.run(performance.now())
    })
  }

  later(milliseconds: number): void {
    if (this.stopped || this.paused || this.frame || this.timer !== undefined) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.wake()
    }, milliseconds)
  }

  /** Whether a frame is asked for already. */
  get awake(): boolean {
    return this.frame !== 0
  }

  /** Paused, no frame is asked for by anyone. */
  setPaused(paused: boolean): void {
    this.paused = paused
    if (!paused) return this.wake()
    cancelAnimationFrame(this.frame)
    clearTimeout(this.timer)
    this.frame = this.last = 0
    this.timer = undefined
  }

  stop(): void {
    this.stopped = true
    cancelAnimationFrame(this.frame)
    clearTimeout(this.timer)
  }

  private readonly run = (now: number): void => {
    this.frame = 0
    // After a rest the first step is one frame long, not the whole rest; a slow machine moves in steps of at most 0.1 s.
    const seconds = this.last ? Math.min(0.1, (now - this.last) / 1000) : 1 / 60
    this.last = now
    if (this.tick(seconds)) this.wake()
    else if (this.timer === undefined) this.last = 0
  }
}
