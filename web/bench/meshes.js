/** three.js as its loader gives it: one mesh per element. */
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js'
import { answer, makeStage } from './stage'

const { box } = (await (await fetch('scene.json')).json()).layers[0]
const stage = makeStage(box)
const { scene: model } = await new GLTFLoader().loadAsync('model.glb')
stage.scene.add(model)
answer(stage, model)
