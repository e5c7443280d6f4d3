/** That Open Fragments on its own file of the same model. */
import { FragmentsModels } from '@thatopen/fragments'
import workerUrl from '@thatopen/fragments/worker?url'
import { answer, makeStage } from './stage'

const stage = makeStage([0, 0, 0, 1, 1, 1])
const fragments = new FragmentsModels(workerUrl)
const file = await (await fetch('model.frag')).arrayBuffer()
const model = await fragments.load(file, { modelId: 'model', camera: stage.camera })
stage.scene.add(model.object)
const { min, max } = model.box
stage.box = [min.x, -max.z, min.y, max.x, -min.z, max.y]
stage.look()
fragments.models.materials.list.onItemSet.add(({ value }) => (value.polygonOffset = false))
let settled = false
void fragments.update(true).then(() => (settled = true))
while (!settled || model.isBusy) {
  stage.renderer.render(stage.scene, stage.camera)
  await new Promise(requestAnimationFrame)
}
const { length } = await model.getItemsWithGeometry()
answer(stage, model.object, () => void fragments.update(), () => length)
