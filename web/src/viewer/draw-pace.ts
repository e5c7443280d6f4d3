/** Frames in the making take at most this share of the time while tiles arrive. */
const SHARE = 0.4

type Fences = Pick<WebGL2RenderingContext, 'fenceSync' | 'getSyncParameter' | 'deleteSync' | 'flush' | 'SYNC_GPU_COMMANDS_COMPLETE' | 'SYNC_STATUS' | 'SIGNALED'>

/** Whether the card has room for a picture that can wait: it has finished the last one, and rested in proportion. */
export class DrawPace {
  private fence: WebGLSync | null = null
  private began = 0
  private next = 0

  constructor(
    private readonly gl: Fences,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Called after each picture. */
  drawn(): void {
    const { gl } = this
    if (this.fence) gl.deleteSync(this.fence)
    this.fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
    gl.flush()
    this.began = this.now()
  }

  /** Whether the last picture is there to be seen. */
  finished(): boolean {
    const { gl } = this
    if (!this.fence) return true
    if (gl.getSyncParameter(this.fence, gl.SYNC_STATUS) !== gl.SIGNALED) return false
    gl.deleteSync(this.fence)
    this.fence = null
    const now = this.now()
    this.next = now + (now - this.began) * (1 / SHARE - 1)
    return true
  }

  free(): boolean {
    return this.finished() && this.now() >= this.next
  }
}
