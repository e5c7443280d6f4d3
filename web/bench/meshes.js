/** three.js as its loader gives it: one mesh per element. */
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js'
import { answer, makeStage } from './stage'

const { box } = (await (await fetch('scene.json')).json()).layers[0]
const stage = makeStage(box)
stage.scene.add((await new GLTFLoader().loadAsync('model.glb')).scene)
answer(stage)
