/** The park's indicators at the moment shown, as the server computes them: one request for all panels that show some. */
import { api } from './client'
import { useAtMoment } from './past'
import type { Resource } from './resource'
import type { Indicator } from './types'

const EVERY_MS = 2000

export function useIndicators(): Resource<Indicator[]> & { reload: () => void } {
  return useAtMoment<Indicator[]>('indicators', (at) => api.get('/indicators', at === null ? {} : { at }), EVERY_MS)
}

export function useIndicator(name: string): Resource<Indicator> & { reload: () => void } {
  const { data, ...rest } = useIndicators()
  return { data: data?.find((one) => one.name === name), ...rest }
}
