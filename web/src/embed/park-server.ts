/** The little of the HTTP interface that the widget needs. */
import type { Box, SceneManifest, StateRanges } from '../viewer/types'

export interface Place {
  states: StateRanges
  box: Box | null
}

export interface PointTable {
  point_id: string[]
  state: (number | null)[]
  kind: string[]
  unit: (string | null)[]
  min: (number | null)[]
  max: (number | null)[]
}

interface Card {
  gid: string
  state: number | null
  type: string
  box: Box | null
}

export class ServerError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly url: string,
  ) {
    super(message)
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

  /** An address of the server, absolute. */
  url(path: string): string {
    return new URL(path, new URL(this.base || '/', location.href)).href
  }

  /** The scene, with absolute addresses of tilesets: the page may stand on another host. */
  async scene(): Promise<SceneManifest> {
    const scene = await this.get<SceneManifest>('/tiles/scene.json')
    return { ...scene, layers: scene.layers.map((layer) => ({ ...layer, tileset: this.url(layer.tileset) })) }
  }

  points(): Promise<PointTable> {
    return this.get<PointTable>('/api/v1/points')
  }

  /** What a gid stands for: a layer, a building, a storey or one object. */
  async place(gid: string, scene: SceneManifest): Promise<Place> {
    const layer = scene.layers.find((l) => l.layer === gid || l.building === gid)
    if (layer) return { states: [[layer.base, layer.base + layer.count - 1]], box: layer.box }
    for (const owner of scene.layers) {
      const storey = owner.storeys.find((s) => s.gid === gid)
      if (!storey) continue
      const { ranges } = await this.get<{ ranges: [number, number][] }>(`/api/v1/states?storey=${encodeURIComponent(gid)}`)
      return { states: ranges, box: [owner.box[0], owner.box[1], storey.elevation, owner.box[3], owner.box[4], storey.top] }
    }
    const card = await this.get<Card>(`/api/v1/objects/card?gid=${encodeURIComponent(gid)}`)
    return { states: card.state === null ? [] : [[card.state, card.state]], box: card.box }
  }

  /** The live connection. A token travels as a second subprotocol, because browsers send no headers with it. */
  live(): WebSocket {
    const protocols = this.token ? ['parktwin.json', `bearer.${this.token}`] : ['parktwin.json']
    return new WebSocket(this.url('/api/v1/live').replace(/^http/, 'ws'), protocols)
  }

  private async get<T>(path: string): Promise<T> {
    const url = this.url(path)
    let response: Response
    try {
      response = await fetch(url, { headers: { Accept: 'application/json', ...this.headers }, credentials: 'same-origin' })
    } catch {
      throw new ServerError('unreachable', `${url} cannot be reached: check the address and that the server allows this page.`, url)
    }
    if (!response.ok) {
      const problem = (await response.json().catch(() => null)) as { code?: string; detail?: string } | null
      throw new ServerError(problem?.code ?? `http-${response.status}`, problem?.detail ?? `${url} answered ${response.status}.`, url)
    }
    return (await response.json()) as T
  }
}
