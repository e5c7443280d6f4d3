/** A plain three.js stage for the peers: a sun, a sky light, no shadows, as our viewer's low preset. */
import { Color, DirectionalLight, HemisphereLight, PerspectiveCamera, Raycaster, Scene, Vector2, WebGLRenderer } from 'three'
import { FIELD, finish, grid, HEIGHT, pose, spin, toThree, WIDTH } from './shared'

export function makeStage(box) {
  const renderer = new WebGLRenderer({ antialias: false })
  renderer.setSize(WIDTH, HEIGHT)
  renderer.setPixelRatio(1)
  document.getElementById('stage').append(renderer.domElement)
  const scene = new Scene()
  scene.background = new Color(0xdfe8f2)
  const sun = new DirectionalLight(0xffffff, 2)
  sun.position.set(-1, 2, 1)
  scene.add(new HemisphereLight(0xffffff, 0x888888, 1), sun)
  const camera = new PerspectiveCamera(FIELD, WIDTH / HEIGHT, 1, 20_000)
  const stage = {
    renderer,
    scene,
    camera,
    box,
    look: (turn = 0) => {
      const { position, target } = pose(stage.box, turn)
      camera.position.set(...toThree(position))
      camera.lookAt(...toThree(target))
      camera.updateMatrixWorld()
    },
  }
  stage.look()
  return stage
}

/** Answer the race's questions; `update` is what a frame needs beside drawing, `model` what is hidden for the empty stage. */
export function answer({ renderer, scene, camera, look }, model, update = () => undefined, objects = () => null) {
  const draw = (turn) => {
    look(turn)
    update()
    renderer.render(scene, camera)
  }
  draw(0)
  finish(renderer.getContext())
  const picture = performance.now()
  const ray = new Raycaster()
  window.bench = {
    picture,
    objects,
    blank: () => {
      model.visible = false
      draw(0)
    },
    hits: () => {
      look(0)
      return grid().map(([x, y]) => {
        ray.setFromCamera(new Vector2(((x + 0.5) / WIDTH) * 2 - 1, 1 - ((y + 0.5) / HEIGHT) * 2), camera)
        return ray.intersectObject(scene, true)[0]?.distance ?? null
      })
    },
    still: () => {
      window.meter.begin()
      draw(0)
    },
    spin: (count, last) => spin(count, draw, last),
  }
}
