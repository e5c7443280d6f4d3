import type { Pick, Viewer } from '../viewer/types'
import { Refused } from './check'
import { perform } from './commands'
import { FrameBridge } from './frame-bridge'
import { LegendView } from './legend-view'
import { checked, VERSION, viewOf } from './messages'
import { Notes } from './notes'
import { OpenPark, summary } from './open-park'
import { ParkServer } from './park-server'
import { watchSeen } from './seen'
import { languageOf, sentence, stageLabel } from './sentences'
import type { Facts } from './sentences'
import { PAGE_STYLE, sheet, STYLE } from './style'
import type { CommandName, Commands, Events, ParkViewerElement as Public, Picked, Problem, Scene, Scope, View } from './types'

const ATTRIBUTES = ['src', 'token', 'layer', 'view', 'theme', 'live', 'quality', 'hover']
const CAMERA_MS = 100

/** `theme`: `day` (also `desk`) or `night` (also `wall`). */
const lookOf = (theme: string | null) => (theme === 'night' || theme === 'wall' ? 'night' : 'day')

/**
 * `<park-viewer src token layer view theme live quality hover>`: a park in any page, without framework. Commands, events and their
 * shapes are those of `types.ts`; `docs/guides/widget.md` tells how to use them.
 */
export class ParkViewerElement extends HTMLElement implements Public {
  static readonly observedAttributes = [...ATTRIBUTES, 'lang']
  private park: OpenPark | null = null
  /** The park being opened; commands that need it wait for it. */
  private opening: Promise<Scene | null> = Promise.resolve(null)
  private readonly problems = new Map<string, Problem>()
  private readonly legend = new LegendView()
  private readonly notes = new Notes()
  private readonly stage = document.createElement('div')
  private readonly progress = document.createElement('div')
  private bridge: FrameBridge | null = null
  private unwatch: (() => void) | null = null
  private cameraTimer: ReturnType<typeof setTimeout> | undefined
  private quiet = false

  constructor() {
    super()
    const root = this.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [sheet(STYLE)]
    this.stage.className = 'stage'
    this.progress.className = 'progress'
    this.progress.hidden = true
    root.append(this.stage, this.progress, this.legend.element, this.notes.element)
  }

  /** The core, while a park is open: for what the messages do not reach. */
  get viewer(): Viewer | null {
    return this.park?.viewer ?? null
  }

  connectedCallback(): void {
    if (this.hasAttribute('from-query')) this.takeQuery()
    this.unwatch = watchSeen(this, (seen) => this.park?.setVisible(seen))
    this.reopen()
  }

  disconnectedCallback(): void {
    this.bridge?.stop()
    this.unwatch?.()
    this.close()
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (!this.park || this.quiet || before === after) return
    if (name === 'src' || name === 'token' || name === 'quality') this.reopen()
    else this.apply(name)
  }

  async request<K extends CommandName>(command: K, params: Commands[K]['params']): Promise<Commands[K]['result']> {
    const good = checked(command, params)
    return (await this.answer(command, good as never)) as Commands[K]['result']
  }

  load(params: Commands['load']['params'] = {}): Promise<Scene> {
    return this.request('load', params)
  }

  layers(layers: string[] | null): Promise<Scene> {
    return this.request('layers', { layers })
  }

  flyTo(where: string | string[] | Commands['flyTo']['params'], duration?: number): Promise<View> {
    const place = typeof where === 'string' || Array.isArray(where) ? { gids: listOf(where) } : where
    return this.request('flyTo', duration === undefined ? place : { ...place, duration })
  }

  select(gids: string | string[]): Promise<{ objects: number }> {
    return this.request('select', { gids: listOf(gids) })
  }

  isolate(gids: string | string[] | null): Promise<{ objects: number }> {
    return this.request('isolate', { gids: gids === null ? null : listOf(gids) })
  }

  colour(gids: string | string[] | Record<string, string | null> | null, colour: string | null = null): Promise<{ objects: number }> {
    const colours = typeof gids === 'string' || Array.isArray(gids) ? Object.fromEntries(listOf(gids).map((gid) => [gid, colour])) : gids
    return this.request('colour', { colours })
  }

  section(section: Commands['section']['params']['section']): Promise<Record<string, never>> {
    return this.request('section', { section })
  }

  properties(gid: string): Promise<Commands['properties']['result']> {
    return this.request('properties', { gid })
  }

  screenshot(): Promise<Commands['screenshot']['result']> {
    return this.request('screenshot', {})
  }

  camera(): Promise<View> {
    return this.request('camera', {})
  }

  subscribe(scope: Scope = {}, max_rate_hz?: number): Promise<Commands['subscribe']['result']> {
    return this.request('subscribe', max_rate_hz === undefined ? { scope } : { scope, max_rate_hz })
  }

  unsubscribe(subscription: number): Promise<Record<string, never>> {
    return this.request('unsubscribe', { subscription })
  }

  private async answer(command: CommandName, params: never): Promise<unknown> {
    if (command === 'hello') {
      const { events } = params as Commands['hello']['params']
      if (events?.includes('hover')) this.setAttribute('hover', '')
      return { version: VERSION, scene: this.park?.manifest ? summary(this.park.manifest) : null, problems: [...this.problems.values()] }
    }
    if (command === 'load') return this.loaded(params)
    if (command === 'layers') {
      const { layers } = params as Commands['layers']['params']
      setOrRemove(this, 'layer', layers?.join(',') ?? null)
      return summary(this.opened().scene)
    }
    return perform(command, this.opened(), params, (state) => this.tell('state', state))
  }

  private opened(): OpenPark {
    if (!this.park) throw new Refused('not-ready', 'No park is open: set src, or send `load`.')
    void this.park.scene
    return this.park
  }

  private async loaded({ src, token, layers, view, theme, live, quality }: Commands['load']['params']): Promise<Scene> {
    const known = (['src', 'token', 'quality'] as const).map((name) => this.getAttribute(name)).join('\n')
    this.quiet = true
    if (src !== undefined) this.setAttribute('src', src)
    if (token !== undefined) this.setAttribute('token', token)
    if (quality !== undefined) this.setAttribute('quality', quality)
    if (layers !== undefined) setOrRemove(this, 'layer', layers?.join(',') ?? null)
    if (live !== undefined) setOrRemove(this, 'live', live)
    if (theme !== undefined) this.setAttribute('theme', theme)
    if (view !== undefined) this.setAttribute('view', view === 'home' ? view : [...view.position, ...view.target].join(','))
    this.quiet = false
    const now = (['src', 'token', 'quality'] as const).map((name) => this.getAttribute(name)).join('\n')
    if (now !== known || !this.park?.manifest) this.reopen()
    else for (const [name, value] of Object.entries({ theme, layer: layers, live, view })) if (value !== undefined) this.apply(name)
    const scene = await this.opening
    if (!scene) throw new Refused('replaced', 'Another park was opened meanwhile.')
    return scene
  }

  /** The iframe page: attributes from the address, the whole window, and messages of the page around it. */
  private takeQuery(): void {
    document.adoptedStyleSheets.push(sheet(PAGE_STYLE))
    const query = new URLSearchParams(location.search)
    for (const name of ATTRIBUTES) {
      const value = query.get(name)
      if (value !== null && !this.hasAttribute(name)) this.setAttribute(name, value)
    }
    const lang = query.get('lang')
    if (lang) this.lang = lang
    if (window.parent === window) return
    this.bridge = new FrameBridge({
      request: (command, params) => this.request(command, params),
      origins: async (token) => (await new ParkServer(this.getAttribute('src') ?? '', token).access()).origins,
      token: () => this.getAttribute('token'),
    })
    this.bridge.start()
  }

  private reopen(): void {
    this.close()
    if (!this.isConnected) return
    this.opening = this.open()
    // Whoever asked for it is told; the page sees the sentence.
    this.opening.catch(() => undefined)
  }

  private async open(): Promise<Scene | null> {
    const quality = this.getAttribute('quality')
    let park: OpenPark | null = null
    try {
      park = this.park = new OpenPark(new ParkServer(this.getAttribute('src') ?? '', this.getAttribute('token')), {
        stage: this.stage,
        look: () => lookOf(this.getAttribute('theme')),
        quality: quality === 'low' || quality === 'medium' || quality === 'high' ? quality : undefined,
        layers: () => (this.getAttribute('layer') ?? '').split(',').map((name) => name.trim()).filter(Boolean),
        live: () => this.getAttribute('live'),
        ready: (scene) => {
          this.nameStage()
          this.tell('ready', scene)
        },
        connection: (state) => this.tell('connection', { state }),
        problem: (problem, facts) => this.problem(problem, facts),
        mended: (...codes) => this.mended(codes),
        slow: (url) => this.notes.say('connecting', sentence('connecting', { url }, languageOf(this), ''), this.closeWord),
        legend: (legend) => (legend ? this.legend.show(legend) : this.legend.hide()),
      })
      this.listen(park)
      const scene = await park.open()
      if (scene && this.park === park) await this.applyView(0)
      return scene
    } catch (error) {
      if (park?.closed) return null
      if (park) park.report(error)
      else this.problem({ code: error instanceof Refused ? error.code : 'viewer', message: (error as Error).message })
      throw error
    }
  }

  private listen({ viewer }: OpenPark): void {
    viewer.on('pick', ({ pick }) => this.tell('pick', pick && picked(pick)))
    viewer.on('loading', ({ progress }) => {
      this.progress.hidden = progress >= 1
      this.progress.style.width = `${Math.round(progress * 100)}%`
    })
    viewer.on('camera', () => {
      this.cameraTimer ??= setTimeout(() => {
        this.cameraTimer = undefined
        if (this.viewer) this.tell('camera', { position: this.viewer.camera.position, target: this.viewer.camera.target })
      }, CAMERA_MS)
    })
    if (this.hasAttribute('hover')) this.apply('hover')
    this.nameStage()
  }

  private nameStage(): void {
    this.viewer?.canvas.setAttribute('aria-label', stageLabel(this.park?.manifest?.park ?? null, languageOf(this)))
  }

  private hovering: (() => void) | null = null

  /** Make an attribute felt. */
  private apply(name: string): void {
    const { park } = this
    if (!park) return
    if (name === 'lang') this.nameStage()
    else if (name === 'theme') park.viewer.setLook(lookOf(this.getAttribute('theme')))
    else if (name === 'hover') {
      this.hovering?.()
      this.hovering = this.hasAttribute('hover') ? park.viewer.on('hover', ({ pick }) => this.tell('hover', pick && picked(pick))) : null
    } else if (!park.manifest) return
    else if (name === 'view') void this.applyView()
    else if (name === 'layer') park.applyLayers()
    else if (name === 'live') void park.applyLive()
  }

  private async applyView(duration?: number): Promise<void> {
    this.mended(['view'])
    let view: View | 'home' = 'home'
    try {
      view = viewOf(this.getAttribute('view'))
    } catch (error) {
      this.problem({ code: 'view', message: (error as Error).message })
    }
    if (view === 'home') await this.viewer?.home(duration)
    else await this.viewer?.setCamera(view, duration)
  }

  private close(): void {
    clearTimeout(this.cameraTimer)
    this.cameraTimer = undefined
    this.hovering = null
    this.park?.close()
    this.park = null
    this.problems.clear()
    this.notes.clear()
    this.progress.hidden = true
  }

  private get closeWord(): string {
    return languageOf(this) === 'zh' ? '关闭' : 'Close'
  }

  private problem(problem: Problem, facts: Facts = {}): void {
    this.problems.set(problem.code, problem)
    const said = sentence(problem.code, { url: problem.url, origin: location.origin, ...facts }, languageOf(this), problem.message)
    this.notes.say(problem.code, said, this.closeWord)
    this.tell('error', problem)
  }

  private mended(codes: readonly string[]): void {
    for (const code of codes) this.problems.delete(code)
    this.notes.mended(...codes)
  }

  private tell<K extends keyof Events>(event: K, detail: Events[K]): void {
    this.dispatchEvent(new CustomEvent(event, { detail }))
    this.bridge?.tell(event, detail)
  }
}

function picked({ gid, name, class: kind, storey, layer, point }: Pick): Picked {
  return { gid, name, class: kind, storey, layer, point }
}

function listOf(gids: string | string[]): string[] {
  return typeof gids === 'string' ? [gids] : gids
}

function setOrRemove(element: Element, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name)
  else element.setAttribute(name, value)
}
