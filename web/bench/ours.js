/** Our viewer on its own tiles. */
import { createViewer } from '../src/viewer'
import { finish, grid, HEIGHT, pose, spin, WIDTH } from './shared'

const container = document.getElementById('stage')
Object.assign(container.style, { width: `${WIDTH}px`, height: `${HEIGHT}px` })
const scene = await (await fetch('scene.json')).json()
scene.layers.forEach((layer) => (layer.tileset = new URL(layer.tileset, location.href).href))
const { box } = scene.layers[0]
const viewer = createViewer({ container, quality: 'low', debug: true })
const complete = new Promise((resolve) => viewer.on('ready', resolve))
await viewer.load(scene)
await viewer.setCamera(pose(box), 0)
await complete
// The picture of the step that found no tile missing.
if (viewer.statistics().drawCalls < 3) throw new Error('The complete picture was not drawn.')
const gl = viewer.canvas.getContext('webgl2')
finish(gl)
const first = performance.now()

window.bench = {
  picture: first,
  calls: () => viewer.statistics().drawCalls,
  triangles: () => viewer.statistics().triangles,
  hits: async () => {
    await viewer.setCamera(pose(box), 0)
    await viewer.idle()
    return grid().map(([x, y]) => viewer.pick(x, y)?.distance ?? null)
  },
  spin: (count) =>
    spin(
      count,
      async (turn) => {
        const { frames } = viewer.statistics()
        await viewer.setCamera(pose(box, turn), 0)
        // The viewer asked for its frame first, so it is drawn when ours comes: choosing tiles included.
        await new Promise(requestAnimationFrame)
        if (viewer.statistics().frames === frames) throw new Error('No frame was drawn after the camera moved.')
        return viewer.statistics().frameMs
      },
      gl,
    ),
}
