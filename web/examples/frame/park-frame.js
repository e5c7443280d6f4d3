/** Drives the iframe page of a park by its messages; all there is to it, so copy it. */
const VERSION = 1

export class ParkFrame {
  constructor(frame, server, query = {}) {
    this.frame = frame
    this.origin = new URL(server).origin
    this.listeners = []
    this.waiting = new Map()
    this.next = 1
    this.listening = new Promise((resolve) => (this.heard = resolve))
    addEventListener('message', ({ source, origin, data }) => {
      // Both checks: another frame may be of the same origin, and this frame may have been led elsewhere.
      if (source === frame.contentWindow && origin === this.origin && data?.parkViewer === VERSION) this.take(data)
    })
    frame.src = `${server}/embed?${new URLSearchParams(query)}`
  }

  /** Send a command; resolves with its result, rejects with {code, message}. */
  async ask(type, params = {}) {
    await this.listening
    const id = this.next++
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      this.frame.contentWindow.postMessage({ parkViewer: VERSION, id, type, ...params }, this.origin)
    })
  }

  on(event, listener) {
    this.listeners.push({ event, listener })
  }

  take(data) {
    if (data.event === 'listening') this.heard()
    else if (data.event) {
      for (const { event, listener } of this.listeners) if (event === data.event) listener(data.detail)
    } else if (this.waiting.has(data.id)) {
      const { resolve, reject } = this.waiting.get(data.id)
      this.waiting.delete(data.id)
      if (data.ok) resolve(data.result)
      else reject(data.error)
    }
  }
}
