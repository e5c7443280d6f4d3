/** 3d-tiles-renderer with the loader's own materials and nothing of our viewer: on our tiles, or with `?tileset=` on others. */
import { TilesRenderer } from '3d-tiles-renderer'
import { GLTFExtensionsPlugin } from '3d-tiles-renderer/plugins'
import { MeshoptDecoder } from 'meshoptimizer/decoder'
import { globeToThree } from '../src/viewer/axes'
import { HEIGHT, WIDTH } from './shared'
import { answer, makeStage } from './stage'

const ERROR_TARGET = 24
const manifest = await (await fetch('scene.json')).json()
const { box, tileset } = manifest.layers[0]
const stage = makeStage(box)
await MeshoptDecoder.ready
const tiles = new TilesRenderer(new URL(new URLSearchParams(location.search).get('tileset') ?? tileset, location.href).href)
tiles.registerPlugin(new GLTFExtensionsPlugin({ meshoptDecoder: MeshoptDecoder }))
tiles.errorTarget = ERROR_TARGET
tiles.group.matrixAutoUpdate = false
tiles.group.matrix.copy(globeToThree(manifest.park.globe))
tiles.group.matrixWorldNeedsUpdate = true
tiles.setCamera(stage.camera)
tiles.setResolution(stage.camera, WIDTH, HEIGHT)
stage.scene.add(tiles.group)
stage.scene.updateMatrixWorld(true)
let done = false
tiles.addEventListener('tiles-load-end', () => (done = true))
// The queues also run empty between the tileset and its first tile, and a tile is shown by the update after it came.
while (!done || tiles.loadProgress < 1 || tiles.visibleTiles.size === 0) {
  tiles.update()
  stage.renderer.render(stage.scene, stage.camera)
  await new Promise(requestAnimationFrame)
}
answer(stage, tiles.group, () => tiles.update())
