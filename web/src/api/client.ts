/** `fetch` for `/api/v1`: JSON both ways, the session's CSRF header on changes, Problems for errors. */
import { Problem, problemOf } from './problem'

const ROOT = '/api/v1'
const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

let csrf = ''
const unauthorised = new Set<() => void>()

/** The token of `GET /session`; every changing request carries it from now on. */
export function setCsrf(token: string): void {
  csrf = token
}

export function csrfToken(): string {
  return csrf
}

/** Called when an answer says that nobody is signed in any more. */
export function onUnauthorised(listener: () => void): () => void {
  unauthorised.add(listener)
  return () => unauthorised.delete(listener)
}

export type Query = Record<string, string | number | boolean | null | undefined>

export function withQuery(path: string, query?: Query): string {
  if (!query) return path
  const parameters = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') parameters.set(key, String(value))
  }
  const text = parameters.toString()
  return text ? `${path}?${text}` : path
}

export interface RequestOptions {
  query?: Query
  body?: unknown
  signal?: AbortSignal
}

async function send(method: string, url: string, options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  const init: RequestInit = { method, headers, credentials: 'same-origin' }
  if (options.signal) init.signal = options.signal
  if (CHANGES.has(method) && csrf) headers['X-CSRF-Token'] = csrf
  if (options.body instanceof FormData || options.body instanceof Blob) init.body = options.body
  else if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json'
    init.body = JSON.stringify(options.body)
  }
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Problem(0, 'offline', error instanceof Error ? error.message : String(error))
  }
  if (response.ok) return response
  if (response.status === 401) for (const listener of unauthorised) listener()
  throw await problemOf(response)
}

async function json<T>(method: string, url: string, options: RequestOptions): Promise<T> {
  const response = await send(method, url, options)
  if (response.status === 204) return undefined as T
  return (await response.json()) as T
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
    json<T>('GET', ROOT + withQuery(path, query), signal ? { signal } : {}),
  post: <T>(path: string, body?: unknown): Promise<T> => json<T>('POST', ROOT + path, { body }),
  put: <T>(path: string, body?: unknown): Promise<T> => json<T>('PUT', ROOT + path, { body }),
  /** A file as it is, not as a form. */
  send: <T>(path: string, file: File): Promise<T> => json<T>('POST', ROOT + path, { body: file }),
  patch: <T>(path: string, body?: unknown): Promise<T> => json<T>('PATCH', ROOT + path, { body }),
  delete: <T>(path: string): Promise<T> => json<T>('DELETE', ROOT + path, {}),
  /** A path outside `/api/v1`, for example `/tiles/scene.json`. */
  raw: <T>(url: string, signal?: AbortSignal): Promise<T> => json<T>('GET', url, signal ? { signal } : {}),
  url: (path: string): string => ROOT + path,
}

/** Upload with progress (fetch has none): resolves with the JSON answer. */
export function upload<T>(
  path: string,
  file: File,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', ROOT + path)
    request.responseType = 'json'
    request.setRequestHeader('Accept', 'application/json')
    if (csrf) request.setRequestHeader('X-CSRF-Token', csrf)
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total)
    }
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as T)
      else {
        const body = request.response as { code?: string; detail?: string; detail_zh?: string; title?: string } | null
        reject(
          new Problem(
            request.status,
            body?.code ?? `http-${request.status}`,
            body?.detail ?? body?.title ?? request.statusText,
            body?.detail_zh,
          ),
        )
      }
    }
    request.onerror = () => reject(new Problem(0, 'offline', 'The upload was interrupted'))
    request.onabort = () => reject(new DOMException('Upload cancelled', 'AbortError'))
    signal?.addEventListener('abort', () => request.abort(), { once: true })
    const form = new FormData()
    form.append('file', file, file.name)
    request.send(form)
  })
}
