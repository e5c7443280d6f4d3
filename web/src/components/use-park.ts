/** What every screen asks for: the park's status and the scene manifest. */
import { api } from '../api/client'
import { fetchAhead, useResource } from '../api/resource'
import type { ParkStatus, SceneManifest } from '../api/types'

export function usePark() {
  return useResource<ParkStatus>('park', () => api.get('/park'), { everyMs: 10_000 })
}

const SCENE = 'scene'
const scene = () => api.raw<SceneManifest>('/tiles/scene.json')

export function useScene() {
  return useResource<SceneManifest>(SCENE, scene)
}

/** Begin to load the manifest before a screen is there to ask for it. */
export function fetchScene(): void {
  fetchAhead(SCENE, scene)
}
