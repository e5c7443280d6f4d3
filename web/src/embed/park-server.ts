/** The little of the HTTP interface that the widget needs. */
import type { Box, SceneManifest, StateRanges } from '../viewer/types'
import type { ObjectCard } from './types'

export interface Place {
  states: StateRanges
  box: Box | null
}

export interface PointTable {
  point_id: string[]
  gid: string[]
  state: (number | null)[]
  kind: string[]
  unit: (string | null)[]
  min: (number | null)[]
  max: (number | null)[]
  name: (string | null)[]
}

/** What the caller may see, and which pages may show it. */
export interface Access {
  layers: string[] | null
  live: boolean
  origins: string[]
  expires_at: number | null
  revision: number
}

interface Item {
  gid: string
  state: number | null
  box: Box | null
}

const WAIT_MS = 30_000
/** Gids of one request: its address must stay of a length that every proxy passes. */
const GIDS_AT_ONCE = 40
/** As many as a browser has connections to one server. */
const REQUESTS_AT_ONCE = 6
const MOST_NAMED = 5

export class ServerError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly url: string,
  ) {
    super(message)
  }

  /** Whether asking again later may help. */
  get passing(): boolean {
    return ['unreachable', 'timeout', 'http-502', 'http-503', 'http-504'].includes(this.code)
  }
}

export class ParkServer {
  /** `base` is the server's address; empty means the page's own. */
  constructor(
    private readonly base: string,
    private readonly token: string | null,
  ) {}

  get headers(): Record<string, string> {
    return this.token ? { Authorization: `Bearer ${this.token}` } : {}
  }

  /** An address of the server, absolute. Throws ServerError where `src` is none. */
  url(path: string): string {
    try {
      return new URL(path, new URL(this.base || '/', location.href)).href
    } catch {
      throw new ServerError('src', `src="${this.base.slice(0, 200)}" is no address: expected for example https://park.example.org.`, this.base)
    }
  }

  /** The scene, with absolute addresses of tilesets: the page may stand on another host. */
  async scene(): Promise<SceneManifest> {
    const scene = await this.get<SceneManifest>('/tiles/scene.json')
    return { ...scene, layers: scene.layers.map((layer) => ({ ...layer, tileset: this.url(layer.tileset) })) }
  }

  access(): Promise<Access> {
    return this.get<Access>('/api/v1/embed/access')
  }

  points(): Promise<PointTable> {
    return this.get<PointTable>('/api/v1/points')
  }

  card(gid: string): Promise<ObjectCard> {
    return this.get<ObjectCard>(`/api/v1/objects/card?gid=${encodeURIComponent(gid)}`)
  }

  /** What gids stand for: layers, buildings, storeys or objects, in their order. Throws ServerError naming those that are unknown. */
  async places(gids: readonly string[], scene: SceneManifest): Promise<Place[]> {
    const found = await this.find(gids, scene)
    const unknown = gids.filter((gid) => !found.has(gid))
    if (unknown.length) throw new ServerError('no-object', `No published object is called ${named(unknown)}.`, '')
    return gids.map((gid) => found.get(gid) as Place)
  }

  /** The same by gid; unknown ones are left out. The indices are those that the server has now: of `scene`, if that is still the present one. */
  async find(gids: readonly string[], scene: SceneManifest): Promise<Map<string, Place>> {
    const found = new Map<string, Place>()
    const objects: string[] = []
    const storeys: Promise<void>[] = []
    for (const gid of new Set(gids)) {
      const layer = scene.layers.find((l) => l.layer === gid || l.building === gid)
      const owner = scene.layers.find((l) => l.storeys.some((s) => s.gid === gid))
      if (layer) found.set(gid, { states: [[layer.base, layer.base + layer.count - 1]], box: layer.box })
      else if (owner) storeys.push(this.storey(gid, owner).then((place) => void found.set(gid, place)))
      else objects.push(gid)
    }
    await Promise.all(storeys)
    const ask = async (at: number): Promise<void> => {
      const some = objects.slice(at, at + GIDS_AT_ONCE)
      if (!some.length) return
      const items = await this.get<Item[]>(`/api/v1/objects/items?${some.map((gid) => `gid=${encodeURIComponent(gid)}`).join('&')}`)
      for (const { gid, state, box } of items) found.set(gid, { states: state === null ? [] : [[state, state]], box })
    }
    for (let at = 0; at < objects.length; at += GIDS_AT_ONCE * REQUESTS_AT_ONCE)
      await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, (_, i) => ask(at + i * GIDS_AT_ONCE)))
    return found
  }

  /** The live connection. A token travels as a second subprotocol, because browsers send no headers with it. */
  live(): WebSocket {
    const protocols = this.token ? ['parktwin.binary', `bearer.${this.token}`] : ['parktwin.binary']
    return new WebSocket(this.url('/api/v1/live').replace(/^http/, 'ws'), protocols)
  }

  private async storey(gid: string, owner: SceneManifest['layers'][number]): Promise<Place> {
    const { ranges } = await this.get<{ ranges: [number, number][] }>(`/api/v1/states?storey=${encodeURIComponent(gid)}`)
    const { elevation, top } = owner.storeys.find((s) => s.gid === gid) as { elevation: number; top: number }
    return { states: ranges, box: [owner.box[0], owner.box[1], elevation, owner.box[3], owner.box[4], top] }
  }

  private async get<T>(path: string): Promise<T> {
    const url = this.url(path)
    let response: Response
    try {
      response = await fetch(url, { headers: { Accept: 'application/json', ...this.headers }, credentials: 'same-origin', signal: AbortSignal.timeout(WAIT_MS) })
    } catch (error) {
      if (error instanceof DOMException && error.name === 'TimeoutError')
        throw new ServerError('timeout', `${url} did not answer within ${WAIT_MS / 1000} s.`, url)
      throw new ServerError('unreachable', `${url} cannot be reached from ${location.origin}: check the address, the server, and that it lets this page embed it.`, url)
    }
    const type = response.headers.get('content-type') ?? ''
    if (!response.ok) {
      const problem = (await response.json().catch(() => null)) as { code?: string; detail?: string } | null
      throw new ServerError(problem?.code ?? `http-${response.status}`, problem?.detail ?? `${url} answered ${response.status}.`, url)
    }
    if (!type.includes('json')) throw new ServerError('content-type', `${url} answered ${type || 'no content type'}: expected JSON; is this the address of a park's server?`, url)
    try {
      return (await response.json()) as T
    } catch {
      throw new ServerError('content-type', `${url} answered what is no JSON: it was cut off, or something on the way changed it.`, url)
    }
  }
}

/** The first few gids of many, for a sentence. */
export function named(gids: readonly string[]): string {
  return gids.slice(0, MOST_NAMED).join(', ') + (gids.length > MOST_NAMED ? ` (and ${gids.length - MOST_NAMED} more)` : '')
}
