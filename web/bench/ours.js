/** Our viewer on its own tiles. */
import { createViewer } from '../src/viewer'
import { finish, grid, HEIGHT, pose, spin, WIDTH } from './shared'

const container = document.getElementById('stage')
Object.assign(container.style, { width: `${WIDTH}px`, height: `${HEIGHT}px` })
const asked = fetch('scene.json')
const viewer = createViewer({ container, quality: 'low', debug: true })
const scene = await (await asked).json()
scene.layers.forEach((layer) => (layer.tileset = new URL(layer.tileset, location.href).href))
const [{ box, layer, base, count }] = scene.layers
const complete = new Promise((resolve) => viewer.on('ready', resolve))
await viewer.load(scene)
await viewer.setCamera(pose(box), 0)
await complete
// The picture of the step that found no tile missing.
if (viewer.statistics().drawCalls < 3) throw new Error('The complete picture was not drawn.')
const gl = viewer.canvas.getContext('webgl2')
finish(gl)
const picture = performance.now()

/** Milliseconds from the call until the frame that shows its effect is finished on the card. */
async function drawn(change) {
  const { calls } = window.meter
  const started = performance.now()
  change()
  const written = performance.now() - started
  while (window.meter.calls === calls) await new Promise(requestAnimationFrame)
  finish(gl)
  return { written, shown: performance.now() - started, prepared: viewer.statistics().textureMs }
}

window.bench = {
  picture,
  pose: () => pose(box),
  places: grid,
  objects: () => count,
  blank: async () => {
    viewer.setLayerVisible(layer, false)
    await viewer.idle()
  },
  hits: async () => {
    await viewer.setCamera(pose(box), 0)
    await viewer.idle()
    return grid().map(([x, y]) => viewer.pick(x, y)?.distance ?? null)
  },
  /** One frame of the complete picture, as at first. */
  still: async () => {
    await viewer.setCamera(pose(box), 0)
    await viewer.idle()
    window.meter.begin()
    window.__parktwin.renderOnce()
  },
  spin: (frames, last) => {
    const draw = async (turn) => {
      await viewer.setCamera(pose(box, turn), 0)
      // The viewer asked for its frame first, so it is drawn when ours comes: choosing tiles included.
      await new Promise(requestAnimationFrame)
    }
    return spin(frames, draw, last)
  },
  /** Colour up to `most` objects, each its own colour: milliseconds of writing, and until it is seen. */
  recolour: (most, seed) => {
    const states = Uint32Array.from({ length: Math.min(most, count) }, (_, i) => base + i)
    const colours = states.map((state) => (state * 2_654_435 + seed * 77_777) & 0xffffff)
    return drawn(() => viewer.state.color(states, colours))
  },
  /** Milliseconds of a pick at each place, and at how many something was met. */
  picks: () => {
    const each = []
    let met = 0
    for (const [x, y] of grid()) {
      const started = performance.now()
      if (viewer.pick(x, y)) met++
      each.push(performance.now() - started)
    }
    return { each, met }
  },
}
