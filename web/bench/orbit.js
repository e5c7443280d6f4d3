/**
 * Our viewer on a machine with a graphics card, without a driver program: the page turns around the site by itself, states change
 * meanwhile, and what it measured is posted to `report`. Its address says what is looked at: view, quality, width, height, seconds
 * of each round, and the share of objects that change state each second.
 */
import { createViewer } from '../src/viewer'
import { pose } from './shared'

const asked = new URLSearchParams(location.search)
const number = (name, otherwise) => Number(asked.get(name) ?? otherwise)
const SECONDS = number('seconds', 20)
const CHANGING = number('changing', 0.01)
/** Radians a second: a turn in half a minute. */
const SPEED = 0.2
const LATE_MS = 1000 / 60 + 4

/** Milliseconds of the card for the frames of which it told; none where the browser keeps that secret. */
class CardClock {
  ms = []
  #gl
  #extension
  #open = null
  #waiting = []

  constructor(gl) {
    this.#gl = gl
    this.#extension = gl.getExtension('EXT_disjoint_timer_query_webgl2')
  }

  begin() {
    if (!this.#extension || this.#open) return
    this.#open = this.#gl.createQuery()
    this.#gl.beginQuery(this.#extension.TIME_ELAPSED_EXT, this.#open)
  }

  end() {
    if (!this.#open) return
    this.#gl.endQuery(this.#extension.TIME_ELAPSED_EXT)
    this.#waiting.push(this.#open)
    this.#open = null
    this.#waiting = this.#waiting.filter((query) => {
      if (!this.#gl.getQueryParameter(query, this.#gl.QUERY_RESULT_AVAILABLE)) return true
      this.ms.push(this.#gl.getQueryParameter(query, this.#gl.QUERY_RESULT) / 1e6)
      this.#gl.deleteQuery(query)
      return false
    })
  }
}

function spread(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), most: sorted.at(-1) ?? null }
}

/** As many random states as the time since the last frame asks for, each its own colour. */
function change(viewer, { base, count }, seconds, seed) {
  const states = Uint32Array.from({ length: Math.round(count * CHANGING * seconds) }, (_, i) => base + Math.floor(Math.abs(Math.sin(seed * 7919 + i * 104_729)) * count))
  viewer.state.color(states, states.map((state) => (state * 2_654_435 + seed * 77_777) & 0xffffff))
  return states.length
}

/** Turn for a while; intervals between the browser's frames, their scripts from a frame's start on, the card's time, what was drawn. */
async function round(viewer, layer, card) {
  const intervals = []
  const scripts = []
  const calls = []
  const triangles = []
  card.ms.length = 0
  let changed = 0
  const { frames } = viewer.statistics()
  const began = await new Promise(requestAnimationFrame)
  for (let last = began; last - began < SECONDS * 1000;) {
    changed += change(viewer, layer, (intervals.at(-1) ?? 0) / 1000, intervals.length)
    void viewer.setCamera(pose(layer.box, ((last - began) / 1000) * SPEED), 0)
    card.begin()
    // The viewer asked for its frame first, so all of it, the choice of tiles included, is drawn when ours comes.
    const now = await new Promise(requestAnimationFrame)
    card.end()
    scripts.push(performance.now() - now)
    intervals.push(now - last)
    last = now
    const { drawCalls, triangles: drawn } = viewer.statistics()
    calls.push(drawCalls)
    triangles.push(drawn)
  }
  return {
    frame: spread(intervals),
    late: intervals.filter((ms) => ms > LATE_MS).length,
    script: spread(scripts),
    card: spread(card.ms),
    calls: spread(calls),
    triangles: spread(triangles),
    drawn: viewer.statistics().frames - frames,
    changed,
    tiles: viewer.statistics().tiles,
  }
}

async function measured() {
  const container = document.getElementById('stage')
  Object.assign(container.style, { width: `${number('width', 3840)}px`, height: `${number('height', 2160)}px` })
  const scene = await (await fetch('scene.json')).json()
  scene.layers.forEach((layer) => (layer.tileset = new URL(layer.tileset, location.href).href))
  const [layer] = scene.layers
  const viewer = createViewer({ container, quality: asked.get('quality') ?? 'high', debug: true })
  const complete = new Promise((resolve) => viewer.on('ready', resolve))
  await viewer.load(scene)
  await viewer.setCamera(pose(layer.box), 0)
  await complete
  const picture = performance.now()
  const gl = viewer.canvas.getContext('webgl2')
  const told = gl.getExtension('WEBGL_debug_renderer_info')
  const card = new CardClock(gl)
  const rounds = [await round(viewer, layer, card), await round(viewer, layer, card)]
  await viewer.setCamera(pose(layer.box), 0)
  await viewer.idle()
  window.__parktwin.renderOnce()
  return {
    renderer: gl.getParameter(told?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER),
    size: [viewer.canvas.width, viewer.canvas.height],
    asked: Object.fromEntries(asked),
    objects: layer.count,
    picture,
    rounds,
    heap: performance.memory?.usedJSHeapSize ?? null,
    shot: viewer.canvas.toDataURL('image/jpeg', 0.8),
  }
}

const report = await measured().catch((error) => ({ failed: String(error?.stack ?? error) }))
await fetch('report', { method: 'POST', body: JSON.stringify(report) })
