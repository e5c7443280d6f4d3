import { Refused } from './check'
import { envelope, USUAL_EVENTS, VERSION } from './messages'
import type { CommandName, Commands, EventName, Events, Problem } from './types'

export interface Bridged {
  request<K extends CommandName>(command: K, params: Commands[K]['params']): Promise<Commands[K]['result']>
  /** Origins of pages that may drive the widget; `token` is the one that is asked with. */
  origins: (token: string | null) => Promise<readonly string[]>
  token: () => string | null
}

/**
 * The widget of an iframe, driven by the page around it. Only the parent window is listened to, and only where the token (the
 * frame's own, or the one that `load` brings) is for its origin; replies and events go to that origin alone.
 */
export class FrameBridge {
  /** The page that was let in. */
  private peer: string | null = null
  private events: ReadonlySet<EventName> = new Set()
  private readonly admitted = new Map<string, Promise<readonly string[]>>()

  constructor(
    private readonly widget: Bridged,
    private readonly parent: Window = window.parent,
    private readonly own = location.origin,
  ) {}

  start(): void {
    window.addEventListener('message', this.heard)
    // Holds nothing, so whoever frames this page may know that it listens now.
    this.parent.postMessage({ parkViewer: VERSION, event: 'listening' }, '*')
  }

  stop(): void {
    window.removeEventListener('message', this.heard)
  }

  tell<K extends EventName>(event: K, detail: Events[K]): void {
    if (this.peer !== null && this.events.has(event)) this.parent.postMessage({ parkViewer: VERSION, event, detail }, this.peer)
  }

  private readonly heard = ({ source, origin, data }: MessageEvent): void => {
    if (source === this.parent && origin !== 'null') void this.answer(origin, data)
  }

  private async answer(origin: string, data: unknown): Promise<void> {
    let id: number | string | null = null
    try {
      const asked = envelope(data)
      if (!asked) return
      id = asked.id
      const { type, params } = asked
      await this.admit(origin, type === 'load' && typeof params.token === 'string' ? params.token : this.widget.token())
      if (this.peer !== origin) this.events = new Set(USUAL_EVENTS)
      this.peer = origin
      const result = await this.widget.request(type as CommandName, params)
      // The request has checked its parameters.
      if (type === 'hello' && params.events) this.events = new Set(params.events as EventName[])
      this.parent.postMessage({ parkViewer: VERSION, id, ok: true, result }, origin)
    } catch (error) {
      this.parent.postMessage({ parkViewer: VERSION, id, ok: false, error: problemOf(error) }, origin)
    }
  }

  /** Throws Refused where a page of this origin may not drive the widget. */
  private async admit(origin: string, token: string | null): Promise<void> {
    if (origin === this.own) return
    const key = token ?? ''
    let asked = this.admitted.get(key)
    if (!asked) {
      asked = this.widget.origins(token)
      this.admitted.set(key, asked)
      asked.catch(() => this.admitted.delete(key))
    }
    const allowed = await asked
    if (!allowed.includes(origin)) throw new Refused('origin', `Pages of ${origin} may not drive this frame: its token is for ${allowed.join(', ') || 'no other page'}.`)
  }
}

/** An error as it travels. */
export function problemOf(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error)
  const { code, url } = error as { code?: unknown; url?: unknown }
  return { code: typeof code === 'string' ? code : 'viewer', message, ...(typeof url === 'string' && url ? { url } : {}) }
}
