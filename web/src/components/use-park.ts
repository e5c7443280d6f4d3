/** What every screen asks for: the park's status and the scene manifest. */
import { api } from '../api/client'
import { useResource } from '../api/resource'
import type { ParkStatus, SceneManifest } from '../api/types'

export function usePark() {
  return useResource<ParkStatus>('park', () => api.get('/park'), { everyMs: 10_000 })
}

export function useScene() {
  return useResource<SceneManifest>('scene', () => api.raw('/tiles/scene.json'))
}
