/** A failed request, as RFC 9457 problem details describe it. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  /** The message in Chinese, where the server knows it. */
  readonly zh: string | undefined

  constructor(status: number, code: string, detail: string, zh?: string) {
    super(detail)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.zh = zh
  }

  /** The server could not be reached at all. */
  get offline(): boolean {
    return this.status === 0
  }
}

/** Read a failed response; a body that is no problem document still gives a usable error. */
export async function problemOf(response: Response): Promise<Problem> {
  let code = `http-${response.status}`
  let detail = response.statusText
  let zh: string | undefined
  try {
    const body: unknown = await response.json()
    if (typeof body === 'object' && body !== null) {
      const record = body as Record<string, unknown>
      if (typeof record.code === 'string') code = record.code
      if (typeof record.detail === 'string') detail = record.detail
      else if (typeof record.title === 'string') detail = record.title
      if (typeof record.detail_zh === 'string') zh = record.detail_zh
    }
  } catch {
    // An answer without JSON (a proxy's page): status and status text are all there is.
  }
  return new Problem(response.status, code, detail, zh)
}
