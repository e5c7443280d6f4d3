/** xeokit on its own file of the same model. */
import { Viewer, XKTLoaderPlugin } from '@xeokit/xeokit-sdk'
import { FIELD, finish, HEIGHT, pose, spin, toThree, WIDTH } from './shared'

const canvas = document.createElement('canvas')
Object.assign(canvas.style, { width: `${WIDTH}px`, height: `${HEIGHT}px`, display: 'block' })
canvas.id = 'canvas'
document.getElementById('stage').append(canvas)
const viewer = new Viewer({ canvasId: 'canvas', transparent: false, backgroundColor: [0.87, 0.91, 0.95], pbrEnabled: false })
const { camera } = viewer
camera.perspective.fovAxis = 'y'
camera.perspective.fov = FIELD
camera.perspective.near = 1
camera.perspective.far = 20_000
let model = null
const look = (turn = 0) => {
  const [x0, y0, z0, x1, y1, z1] = model.aabb
  const box = [x0, -z1, y0, x1, -z0, y1]
  const { position, target } = pose(box, turn)
  camera.eye = toThree(position)
  camera.look = toThree(target)
  camera.up = [0, 1, 0]
}
const frame = () => new Promise(requestAnimationFrame)
const loader = new XKTLoaderPlugin(viewer)
model = loader.load({ id: 'model', src: 'model.xkt', edges: false })
await new Promise((resolve, reject) => {
  model.on('loaded', resolve)
  model.on('error', reject)
})
look()
const { calls } = window.meter
while (window.meter.calls === calls) await frame()
await frame()
finish(window.meter.gl)

window.bench = {
  picture: performance.now(),
  objects: () => model.numEntities,
  blank: async () => {
    model.visible = false
    await frame()
    await frame()
    await frame()
  },
  hits: () => [],
  still: async () => {
    look()
    await frame()
    await frame()
    window.meter.begin()
    viewer.scene.render(true)
  },
  spin: (count, last) => {
    const draw = async (turn) => {
      const { calls: before } = window.meter
      look(turn)
      while (window.meter.calls === before) await frame()
    }
    return spin(count, draw, last)
  },
}
