import { createViewer } from '../viewer'
import type { Look, SceneManifest, Viewer } from '../viewer/types'
import { Asked } from './asked'
import { Refused } from './check'
import { LiveColours } from './live-colours'
import type { Legend } from './live-colours'
import { LiveLink } from './live-link'
import { named, ServerError } from './park-server'
import type { ParkServer, Place, PointTable } from './park-server'
import type { Facts } from './sentences'
import type { Problem, Scene } from './types'

export interface ParkHost {
  stage: HTMLElement
  look: () => Look
  quality: 'low' | 'medium' | 'high' | undefined
  /** Names of the layers to show; empty: as published. */
  layers: () => string[]
  /** Kind of points to colour by; null: none. */
  live: () => string | null
  ready: (scene: Scene) => void
  connection: (state: 'live' | 'lost') => void
  problem: (problem: Problem, facts?: Facts) => void
  /** Troubles of these codes are over. */
  mended: (...codes: string[]) => void
  slow: (url: string) => void
  legend: (legend: Legend | null) => void
}

/** Codes after which nothing more can be had with this token. */
const BARRED = new Set(['token-expired', 'token-revoked', 'token-unknown', 'not-signed-in', 'origin', 'denied'])
const RETRY_MS = [1000, 2000, 4000, 8000, 15_000, 30_000]
const SLOW_MS = 4000
/** So often a command looks again where its gids stand while scenes come one after another. */
const MOST_TURNS = 5
const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]

/** One park, open: its viewer, scene, live connection; keeps all three going while the server comes and goes. */
export class OpenPark {
  readonly viewer: Viewer
  readonly asked = new Asked()
  manifest: SceneManifest | null = null
  closed = false
  private link: LiveLink | null = null
  private colours: LiveColours | null = null
  private points: Promise<PointTable> | null = null
  private readonly places = new Map<string, Promise<Place>>()
  private readonly broken = new Map<string, Set<string>>()
  private renewing: Promise<void> | null = null
  /** Counts calls to renew. */
  private wanted = 0
  private watching = false
  private visible = true

  /** Throws where the browser has no WebGL 2. */
  constructor(
    readonly server: ParkServer,
    private readonly host: ParkHost,
  ) {
    try {
      this.viewer = createViewer({ container: host.stage, look: host.look(), headers: server.headers, quality: host.quality })
    } catch (error) {
      throw new Refused('webgl', (error as Error).message)
    }
    this.viewer.on('error', (problem) => this.failed(problem))
    this.viewer.canvas.addEventListener('webglcontextrestored', () => host.mended('context-lost'))
    this.viewer.on('ready', () => this.manifest && host.ready(summary(this.manifest)))
  }

  /** Load the scene, waiting for a server that is away. Throws what waiting does not mend. */
  async open(): Promise<Scene | null> {
    const waiting = setTimeout(() => this.host.slow(this.server.url('/')), SLOW_MS)
    try {
      for (let attempt = 0; !this.closed; attempt++) {
        try {
          await this.take(await this.server.scene())
          if (attempt > 0) this.host.connection('live')
          break
        } catch (error) {
          if (!(error instanceof ServerError) || !error.passing) throw error
          if (attempt === 0) this.host.connection('lost')
          this.host.problem({ code: error.code, message: error.message, url: error.url })
          await pause(attempt)
        }
      }
    } finally {
      clearTimeout(waiting)
      this.host.mended('connecting')
    }
    if (this.closed || !this.manifest) return null
    this.host.mended('unreachable', 'timeout', 'http-502', 'http-503', 'http-504')
    await this.applyLive()
    return summary(this.manifest)
  }

  close(): void {
    this.closed = true
    this.colours = null
    this.link?.close()
    this.viewer.dispose()
    this.host.legend(null)
  }

  /** The scene; throws Refused where it is not there yet. */
  get scene(): SceneManifest {
    if (!this.manifest) throw new Refused('not-ready', 'The park is not loaded yet: wait for `ready`, or for the answer to `load`.')
    return this.manifest
  }

  /** Do something with what gids stand for in the scene that is shown, in the same task. Throws what `places` of ParkServer throws. */
  async at<T>(gids: readonly string[], then: (places: Place[]) => T): Promise<T> {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      const { scene } = this
      try {
        const places = await this.resolve(gids)
        if (scene === this.manifest) return then(places)
        // Another scene came meanwhile, in which these indices mean other objects.
      } catch (error) {
        if (scene === this.manifest) throw error
      }
    }
    throw new Refused('changing', 'The park was published again and again meanwhile: try once more.')
  }

  /** What gids stand for, asked once each. */
  private async resolve(gids: readonly string[]): Promise<Place[]> {
    const missing = [...new Set(gids)].filter((gid) => !this.places.has(gid))
    if (missing.length) {
      const asked = this.ask(missing)
      asked.catch(() => missing.forEach((gid) => this.places.delete(gid)))
      missing.forEach((gid, i) => {
        const place = asked.then((found) => found[i] as Place)
        place.catch(() => undefined)
        this.places.set(gid, place)
      })
    }
    return Promise.all(gids.map((gid) => this.places.get(gid) as Promise<Place>))
  }

  private async ask(gids: readonly string[]): Promise<Place[]> {
    const { scene } = this
    const asked = this.server.places(gids, scene)
    asked.catch(() => undefined)
    // A live connection tells of a new scene; without one it is noticed here, before an index of it meets the old picture.
    if (!this.link && (await this.server.access()).revision !== scene.revision) await this.renew()
    return asked
  }

  pointTable(): Promise<PointTable> {
    if (!this.points) {
      const asked = (this.points = this.server.points())
      asked.catch(() => this.points === asked && (this.points = null))
    }
    return this.points
  }

  /** The live connection, opened when it is first needed. */
  live(): LiveLink {
    this.link ??= new LiveLink(this.server, this.scene.revision, {
      scene: () => void this.reload(),
      connection: (state) => this.connection(state),
      error: (code, message) => this.host.problem({ code, message }),
      ended: () => void this.watch(),
    })
    this.link.setSlow(!this.visible)
    return this.link
  }

  /** Seen or not: unseen, it draws nothing and hears of live values rarely. */
  setVisible(visible: boolean): void {
    this.visible = visible
    this.viewer.setPaused(!visible)
    this.link?.setSlow(!visible)
  }

  applyLayers(): void {
    const only = this.host.layers()
    const known = new Set(this.scene.layers.map((layer) => layer.layer))
    const unknown = only.filter((name) => !known.has(name))
    this.host.mended('no-layer')
    if (unknown.length)
      this.host.problem(
        { code: 'no-layer', message: `There is no layer ${unknown.join(', ')}: known are ${[...known].join(', ') || 'none'}.` },
        { names: unknown.join(', ') },
      )
    for (const layer of this.scene.layers) this.viewer.setLayerVisible(layer.layer, only.length ? only.includes(layer.layer) : layer.visible)
  }

  async applyLive(): Promise<void> {
    this.colours?.stop()
    this.colours = null
    this.host.legend(null)
    this.host.mended('no-points', 'no-live', 'token-permission')
    const kind = this.host.live()
    if (kind === null || !this.manifest?.layers.length) return
    try {
      const table = await this.pointTable()
      if (this.closed || this.host.live() !== kind) return
      this.colours = new LiveColours(this.live(), table, this.viewer.state, kind, (legend) => this.host.legend(legend))
    } catch (error) {
      // Without live values the park is still worth looking at.
      this.report(error)
    }
  }

  /** Give all objects their own colours back, live ones those of their values. */
  async clearColours(): Promise<void> {
    this.viewer.state.clearColors()
    await this.applyLive()
  }

  report(error: unknown): void {
    if (this.closed) return
    const message = error instanceof Error ? error.message : String(error)
    if (error instanceof ServerError) this.host.problem({ code: error.code, message, url: error.url })
    else this.host.problem({ code: error instanceof Refused ? error.code : 'viewer', message })
  }

  private async take(scene: SceneManifest): Promise<void> {
    if (this.closed) return
    // An empty park has no place on the globe yet.
    const origin = scene.park.origin ?? { longitude: 0, latitude: 0, height: 0 }
    const next = { ...scene, park: { ...scene.park, origin, globe: scene.park.globe ?? IDENTITY } }
    const [places, gone] = await this.found(next)
    if (this.closed) return
    this.colours?.stop()
    this.colours = null
    this.manifest = next
    this.places.clear()
    this.points = null
    this.broken.clear()
    this.host.mended('tile', 'tileset', 'empty', 'gone')
    if (!scene.layers.length) this.host.problem({ code: 'empty', message: 'There is no layer to show yet: layers appear once they are published.' })
    this.applyLayers()
    const loaded = this.viewer.load(next)
    // In the same task, so that no picture has the states of one scene on the objects of another.
    this.asked.drop(new Set(gone))
    this.asked.apply(this.viewer, places)
    if (gone.length)
      this.host.problem({ code: 'gone', message: `What is published now does not have ${named(gone)}: selection, isolation and colours of these are dropped.` }, { count: gone.length, names: named(gone) })
    await loaded
  }

  /** Where in another scene all stands that the page has asked for, and which gids it does not have. */
  private async found(scene: SceneManifest): Promise<[ReadonlyMap<string, Place>, string[]]> {
    const places = new Map<string, Place>()
    const known = new Set<string>()
    for (;;) {
      // What is asked for while the server is, is looked up as well.
      const missing = [...this.asked.gids].filter((gid) => !known.has(gid))
      if (!missing.length || this.closed) break
      for (const [gid, place] of await this.server.find(missing, scene)) places.set(gid, place)
      for (const gid of missing) known.add(gid)
    }
    return [places, [...this.asked.gids].filter((gid) => !places.has(gid))]
  }

  /** Something was published. */
  private async reload(): Promise<void> {
    try {
      await this.renew()
    } catch (error) {
      if (error instanceof ServerError && error.passing) void this.watch()
      else this.report(error)
    }
  }

  /** Take the present scene, keep the view and what the page asked for. Asked again meanwhile, it goes round once more. Throws ServerError. */
  private renew(): Promise<void> {
    this.wanted++
    this.renewing ??= this.renewed().finally(() => (this.renewing = null))
    return this.renewing
  }

  private async renewed(): Promise<void> {
    for (let done = 0; done !== this.wanted && !this.closed; ) {
      done = this.wanted
      await this.take(await this.server.scene())
    }
    if (this.closed || !this.manifest) return
    this.link?.resume(this.manifest.revision)
    await this.applyLive()
  }

  private connection(state: 'live' | 'lost'): void {
    this.host.connection(state)
    if (state === 'lost') {
      this.colours?.lost()
      void this.watch()
    }
  }

  /** A tile or a whole tileset did not come: say so once a layer, and see whether it is the server that is away. */
  private failed(problem: Problem): void {
    if (this.closed) return
    if (problem.code !== 'tile' && problem.code !== 'tileset') return this.host.problem(problem)
    const layer = problem.message.split(':')[0] as string
    const urls = this.broken.get(problem.code) ?? new Set()
    urls.add(problem.code === 'tileset' ? layer : (problem.url ?? ''))
    this.broken.set(problem.code, urls)
    const names = problem.code === 'tileset' ? [...urls].join(', ') : layer
    this.host.problem(problem, { count: urls.size, names })
    void this.watch()
  }

  /** Ask whether the server is there until it is; then load what failed meanwhile. What bars the page for good ends it. */
  private async watch(): Promise<void> {
    if (this.watching) return
    this.watching = true
    let away = false
    for (let attempt = 0; !this.closed; attempt++) {
      try {
        const { revision } = await this.server.access()
        if (this.manifest && revision !== this.manifest.revision) await this.renew()
        break
      } catch (error) {
        if (!(error instanceof ServerError)) {
          this.report(error)
          break
        }
        if (BARRED.has(error.code)) {
          this.report(error)
          this.link?.close()
          this.link = null
          break
        }
        if (!error.passing) break
        if (!away) this.host.problem({ code: 'lost', message: error.message, url: error.url })
        away = true
        await pause(attempt)
      }
    }
    this.watching = false
    if (!away || this.closed) return
    this.host.mended('lost', 'tile', 'tileset')
    this.broken.clear()
    this.viewer.retryTiles()
    if (!this.link) this.host.connection('live')
  }
}

function pause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]))
}

/** What a host page is told of a scene. */
export function summary({ park, revision, layers }: SceneManifest): Scene {
  return {
    park: { id: park.id, name: park.name, name_en: park.name_en },
    revision,
    layers: layers.map(({ layer, title, title_en, group, visible, building, storeys, box }) => ({ layer, title, title_en, group, visible, building, storeys, box })),
  }
}
