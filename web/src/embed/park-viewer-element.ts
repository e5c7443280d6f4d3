import { createViewer } from '../viewer'
import type { SceneManifest, StateRanges, Viewer } from '../viewer/types'
import { LegendView } from './legend-view'
import { LiveColours } from './live-colours'
import { ParkServer, ServerError } from './park-server'
import type { Place } from './park-server'
import { formatPose, parsePose } from './pose'

const ATTRIBUTES = ['src', 'token', 'layer', 'view', 'theme', 'live', 'quality']

/** `theme`: `day` (also `desk`) or `night` (also `wall`). */
const lookOf = (theme: string | null) => (theme === 'night' || theme === 'wall' ? 'night' : 'day')

const STYLE = `
:host { display: block; position: relative; min-height: 120px; overflow: hidden; contain: strict;
  color: var(--park-viewer-text, #17233a); font: 12px/1.4 var(--park-viewer-font, system-ui, sans-serif); }
:host([theme="night"]), :host([theme="wall"]) { color: var(--park-viewer-text, #e6eef9); }
.stage { position: absolute; inset: 0; }
.note { position: absolute; left: 50%; bottom: 12px; transform: translateX(-50%); max-width: 90%; padding: 6px 12px;
  border-radius: 6px; background: var(--park-viewer-panel, rgba(16,28,48,.86)); color: #fff; }
.legend { position: absolute; left: 12px; bottom: 12px; display: grid; gap: 2px; padding: 6px 10px; border-radius: 6px;
  background: var(--park-viewer-panel, rgba(255,255,255,.86)); font-variant-numeric: tabular-nums; }
:host([theme="night"]) .legend, :host([theme="wall"]) .legend { background: var(--park-viewer-panel, rgba(16,28,48,.86)); }
.legend i { display: block; width: 160px; height: 8px; border-radius: 4px; }
.legend time { opacity: .75; }
[hidden] { display: none !important; }`

/**
 * `<park-viewer src token layer view theme live quality>`: a park in any page, without framework.
 *
 * Attributes: `src` the server's address (empty: the page's own); `token` sent as bearer; `layer` names of the layers to
 * show, separated by commas (none: as published); `view` `home` or `x,y,z,tx,ty,tz`; `theme` day | night; `live` a kind of point
 * to colour by (present and empty: the most frequent kind); `quality` low | medium | high; `from-query` takes what is missing
 * from the page's address.
 *
 * Events: `ready` `{scene}`, `pick` (what was clicked, or null), `error` `{code, message}`.
 * Methods take gids of layers, buildings, storeys or objects.
 */
export class ParkViewerElement extends HTMLElement {
  static readonly observedAttributes = ATTRIBUTES
  /** The core, once connected; everything it can do may be used. */
  viewer: Viewer | null = null
  private server = new ParkServer('', null)
  private scene: SceneManifest | null = null
  private live: LiveColours | null = null
  private readonly legend = new LegendView()
  private readonly stage = document.createElement('div')
  private readonly note = document.createElement('div')
  private readonly places = new Map<string, Promise<Place>>()
  private run = 0

  constructor() {
    super()
    const root = this.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [sheet(STYLE)]
    this.stage.className = 'stage'
    this.note.className = 'note'
    this.note.setAttribute('role', 'alert')
    this.note.hidden = true
    root.append(this.stage, this.legend.element, this.note)
  }

  connectedCallback(): void {
    if (this.hasAttribute('from-query')) this.takeQuery()
    void this.open()
  }

  disconnectedCallback(): void {
    this.run++
    this.close()
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (!this.viewer || before === after) return
    if (name === 'theme') this.viewer.setLook(lookOf(after))
    else if (name === 'view') void this.applyView().catch((error: unknown) => this.report(error))
    else if (name === 'layer') this.applyLayers()
    else if (name === 'live') this.applyLive()
    else {
      this.close()
      void this.open()
    }
  }

  /** Mark objects as selected; none ends it. */
  async select(...gids: string[]): Promise<void> {
    const places = await this.resolve(gids)
    this.viewer?.select(expand(places))
  }

  /** Fly to what a gid stands for. */
  async flyTo(gid: string, duration?: number): Promise<void> {
    const [place] = await this.resolve([gid])
    if (place?.box) await this.viewer?.flyTo(place.box, { duration })
  }

  /** Show these and ghost all others; without gids, end it. */
  async isolate(...gids: string[]): Promise<void> {
    const places = await this.resolve(gids)
    this.viewer?.state.isolate(gids.length ? places.flatMap((p) => [...p.states]) : null)
  }

  /** Colour objects (CSS colour or 0xRRGGBB); null gives back their own. */
  async colour(gids: string | string[], colour: string | number | null): Promise<void> {
    const places = await this.resolve(typeof gids === 'string' ? [gids] : gids)
    const value = typeof colour === 'string' ? parseColour(colour) : colour
    for (const place of places) this.viewer?.state.colorRanges(place.states, value)
  }

  /** The present view, as the `view` attribute takes it. */
  get currentView(): string {
    return this.viewer ? formatPose(this.viewer.camera) : ''
  }

  /** The iframe page: attributes from the address, and the whole window. */
  private takeQuery(): void {
    document.adoptedStyleSheets.push(sheet('html, body, park-viewer { margin: 0; width: 100%; height: 100%; display: block }'))
    const query = new URLSearchParams(location.search)
    for (const name of ATTRIBUTES) {
      const value = query.get(name)
      if (value !== null && !this.hasAttribute(name)) this.setAttribute(name, value)
    }
  }

  private async open(): Promise<void> {
    const run = ++this.run
    this.note.hidden = true
    this.server = new ParkServer(this.getAttribute('src') ?? '', this.getAttribute('token'))
    try {
      const quality = this.getAttribute('quality')
      const viewer = (this.viewer = createViewer({
        container: this.stage,
        look: lookOf(this.getAttribute('theme')),
        headers: this.server.headers,
        quality: quality === 'low' || quality === 'medium' || quality === 'high' ? quality : undefined,
      }))
      viewer.on('pick', ({ pick }) => this.dispatchEvent(new CustomEvent('pick', { detail: pick })))
      viewer.on('error', (error) => this.dispatchEvent(new CustomEvent('error', { detail: error })))
      const scene = await this.server.scene()
      if (run !== this.run) return
      this.scene = scene
      this.applyLayers()
      viewer.on('ready', () => this.dispatchEvent(new CustomEvent('ready', { detail: { scene } })))
      await viewer.load(scene)
      if (run !== this.run) return
      await this.applyView(0)
      this.applyLive()
    } catch (error) {
      if (run === this.run) this.report(error)
    }
  }

  private close(): void {
    this.live?.stop()
    this.live = null
    this.viewer?.dispose()
    this.viewer = null
    this.scene = null
    this.places.clear()
    this.legend.hide()
  }

  private async applyView(duration?: number): Promise<void> {
    const pose = parsePose(this.getAttribute('view'))
    if (pose) await this.viewer?.setCamera(pose, duration)
    else await this.viewer?.home(duration)
  }

  private applyLayers(): void {
    const only = (this.getAttribute('layer') ?? '').split(',').map((name) => name.trim()).filter(Boolean)
    for (const layer of this.scene?.layers ?? [])
      this.viewer?.setLayerVisible(layer.layer, only.length ? only.includes(layer.layer) : layer.visible)
  }

  private applyLive(): void {
    this.live?.stop()
    this.live = null
    this.legend.hide()
    const kind = this.getAttribute('live')
    if (kind === null || !this.viewer) return
    this.live = new LiveColours(this.server, this.viewer.state, kind, {
      legend: (legend) => this.legend.show(legend),
      error: (code, message) => this.dispatchEvent(new CustomEvent('error', { detail: { code, message } })),
      scene: () => void this.reload(),
    })
    this.live.start().catch((error: unknown) => this.report(error))
  }

  /** Something was published: take the new scene, keep the view. */
  private async reload(): Promise<void> {
    try {
      this.scene = await this.server.scene()
      this.places.clear()
      await this.viewer?.load(this.scene)
      this.applyLive()
    } catch (error) {
      this.report(error)
    }
  }

  private resolve(gids: readonly string[]): Promise<Place[]> {
    const { scene } = this
    if (!scene) return Promise.reject(new Error('The park is not loaded yet: wait for the `ready` event.'))
    return Promise.all(
      gids.map((gid) => {
        let place = this.places.get(gid)
        if (!place) {
          place = this.server.place(gid, scene)
          this.places.set(gid, place)
          place.catch(() => this.places.delete(gid))
        }
        return place
      }),
    )
  }

  private report(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    const code = error instanceof ServerError ? error.code : 'viewer'
    this.note.textContent = message
    this.note.hidden = false
    this.dispatchEvent(new CustomEvent('error', { detail: { code, message } }))
  }
}

/** A style sheet that a strict content security policy lets through, unlike a style element. */
function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet()
  made.replaceSync(css)
  return made
}

function expand(places: readonly { states: StateRanges }[]): number[] {
  const out: number[] = []
  for (const { states } of places) for (const [first, last] of states) for (let s = first; s <= last; s++) out.push(s)
  return out
}

function parseColour(css: string): number {
  const context = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D
  context.fillStyle = '#010203'
  context.fillStyle = css
  const hex = context.fillStyle
  if (!/^#[0-9a-f]{6}$/.test(hex) || (hex === '#010203' && css.toLowerCase() !== '#010203'))
    throw new Error(`"${css}" is no opaque CSS colour: expected for example "#ff4d4f" or "tomato".`)
  return parseInt(hex.slice(1), 16)
}
