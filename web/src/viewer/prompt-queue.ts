import { PriorityQueue } from '3d-tiles-renderer/core'

/** A queue whose jobs begin at once while `prompt` says so, and else with the next frame. */
export class PromptQueue extends PriorityQueue {
  private asked = false

  /** Takes the order and the number of jobs from `like`. */
  constructor(
    like: PriorityQueue,
    private readonly prompt: () => boolean,
  ) {
    super()
    this.maxJobs = like.maxJobs
    this.priorityCallback = like.priorityCallback
  }

  override scheduleJobRun(): void {
    if (!this.prompt()) return super.scheduleJobRun()
    if (this.asked) return
    this.asked = true
    queueMicrotask(() => {
      this.asked = false
      this.tryRunJobs()
    })
  }
}
