/** The park's indicators as the server computes them: one request for all panels that show some. */
import { api } from './client'
import { useResource } from './resource'
import type { Resource } from './resource'
import type { Indicator } from './types'

const EVERY_MS = 2000

export function useIndicators(): Resource<Indicator[]> & { reload: () => void } {
  return useResource<Indicator[]>('indicators', () => api.get('/indicators'), { everyMs: EVERY_MS })
}

export function useIndicator(name: string): Resource<Indicator> & { reload: () => void } {
  const { data, ...rest } = useIndicators()
  return { data: data?.find((one) => one.name === name), ...rest }
}
