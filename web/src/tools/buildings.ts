/** Which layers are buildings, and which layers a screen shows. */
import type { SceneLayer, SceneManifest } from '../viewer/types'

/** Said to be a building, a scheme's or submitted model, or any other layer with storeys. */
export function isBuilding(layer: SceneLayer): boolean {
  return layer.group === 'building' || (layer.storeys.length > 0 && ['base', 'scheme', 'submission'].includes(layer.group))
}

/** The park as it is: without layers of schemes and of models under review. */
export function presentPark(scene: SceneManifest): SceneManifest {
  return { ...scene, layers: scene.layers.filter((layer) => layer.scheme === null && layer.group !== 'scheme' && layer.group !== 'submission') }
}

/** The park with its schemes, without models under review. */
export function plannedPark(scene: SceneManifest): SceneManifest {
  return { ...scene, layers: scene.layers.filter((layer) => layer.group !== 'submission') }
}
