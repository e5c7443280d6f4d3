/** The messages of `types.ts`, held to at run time: what a page sends is checked before anything is done. */
import { either, list, maybe, nullable, number, object, oneOf, record, Refused, text, tuple } from './check'
import type { Check } from './check'
import type { Box, CommandName, Commands, EventName, Scope, Vec3, Version, View } from './types'

export const VERSION: Version = 1
const MAX_GIDS = 10_000
/** Farther from the park's origin than this is no place in it; single precision would end there too. */
const REACH_M = 1e6

const EVENTS = ['ready', 'pick', 'hover', 'camera', 'state', 'connection', 'error'] as const satisfies readonly EventName[]
/** What comes where a page names no events: `hover` costs a ray per move. */
export const USUAL_EVENTS: readonly EventName[] = EVENTS.filter((name) => name !== 'hover')

const metre = number(-REACH_M, REACH_M)
const vec3 = tuple<Vec3>(3, metre)
const gid = text()
const gids = list(gid, MAX_GIDS)
const names = list(text(), 1000)

const box: Check<Box> = (value, place) => {
  const found = tuple<Box>(6, metre)(value, place)
  for (let i = 0; i < 3; i++)
    if ((found[i] as number) > (found[i + 3] as number)) throw new Refused('bad-message', `${place} has its corners swapped: expected min x, y, z, then max x, y, z.`)
  return found
}

const pose: Check<View> = (value, place) => {
  const found = object<View>({ position: vec3, target: vec3 })(value, place)
  const [dx, dy, dz] = found.position.map((at, i) => at - (found.target[i] as number)) as Vec3
  if (Math.hypot(dx, dy, dz) < 0.01) throw new Refused('bad-message', `${place} looks from a point at itself: expected position and target apart.`)
  return found
}

const view = either<View, 'home'>(pose, oneOf('home'), '"home", or position and target within 1,000 km of the origin and apart from each other')
const scope = object<Scope>({
  layers: maybe(names),
  types: maybe(names),
  storeys: maybe(names),
  gids: maybe(list(gid, 1000)),
  points: maybe(names),
  kinds: maybe(names),
})

const CHECKS: { [K in CommandName]: Check<Commands[K]['params']> } = {
  hello: object<Commands['hello']['params']>({ events: maybe(list(oneOf(...EVENTS), EVENTS.length)) }),
  load: object<Commands['load']['params']>({
    src: maybe(text(2000)),
    token: maybe(text(200)),
    layers: maybe(nullable(names)),
    view: maybe(view),
    theme: maybe(oneOf('day', 'night')),
    live: maybe(nullable(text())),
    quality: maybe(oneOf('low', 'medium', 'high')),
  }),
  layers: object<Commands['layers']['params']>({ layers: nullable(names) }),
  flyTo: (value, place) => {
    const found = object<Commands['flyTo']['params']>({ gids: maybe(gids), box: maybe(box), view: maybe(view), duration: maybe(number(0, 60)) })(value, place)
    if ([found.gids, found.box, found.view].filter((one) => one !== undefined).length !== 1)
      throw new Refused('bad-message', `${place} names no single place: expected exactly one of gids, box, view.`)
    return found
  },
  select: object<Commands['select']['params']>({ gids }),
  isolate: object<Commands['isolate']['params']>({ gids: nullable(gids) }),
  colour: object<Commands['colour']['params']>({ colours: nullable(record(nullable(text(100)), MAX_GIDS)) }),
  section: object<Commands['section']['params']>({
    section: nullable(
      either(
        either(object<{ top: number }>({ top: metre }), object<{ storey: string }>({ storey: gid }), ''),
        object<{ box: Box }>({ box }),
        'null, {top}, {storey} or {box}',
      ),
    ),
  }),
  properties: object<Commands['properties']['params']>({ gid }),
  screenshot: object<Commands['screenshot']['params']>({}),
  camera: object<Commands['camera']['params']>({}),
  subscribe: object<Commands['subscribe']['params']>({ scope: maybe(scope), max_rate_hz: maybe(number(0.01, 20)) }),
  unsubscribe: object<Commands['unsubscribe']['params']>({ subscription: number(1, Number.MAX_SAFE_INTEGER) }),
}

export const COMMANDS = Object.keys(CHECKS) as CommandName[]

/** A command's parameters, checked. */
export function checked<K extends CommandName>(command: K, params: unknown): Commands[K]['params'] {
  if (!Object.hasOwn(CHECKS, command)) throw new Refused('unknown-message', `Message ${JSON.stringify(command)} is unknown: expected one of ${COMMANDS.join(', ')}.`)
  return CHECKS[command](params, command)
}

/** A request taken apart; its parameters are still to be checked. */
export interface Envelope {
  id: number | string
  type: string
  params: Record<string, unknown>
}

/**
 * What a window was sent, if it is for us; null where it is somebody else's message, which is nobody's error. Throws Refused on
 * another version or a broken envelope.
 */
export function envelope(data: unknown): Envelope | null {
  if (typeof data !== 'object' || data === null || !('parkViewer' in data)) return null
  const { parkViewer, id, type, ...params } = data as Record<string, unknown>
  if (parkViewer !== VERSION) throw new Refused('version', `Message version ${JSON.stringify(parkViewer)} is not spoken here: expected ${VERSION}.`)
  if (typeof id !== 'string' && typeof id !== 'number') throw new Refused('bad-message', 'The message has no id: expected a number or a text, which the reply carries.')
  if (typeof type !== 'string') throw new Refused('bad-message', `The message has no type: expected one of ${COMMANDS.join(', ')}.`)
  return { id, type, params }
}

/** The view attribute, checked like a message: `home`, or six numbers. */
export function viewOf(value: string | null): View | 'home' {
  if (!value || value === 'home') return 'home'
  const n = value.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)))
  if (n.length !== 6 || !n.every(Number.isFinite))
    throw new Refused('view', `view="${value.slice(0, 80)}" is no view: expected "home" or six numbers x,y,z,tx,ty,tz in metres.`)
  try {
    return pose({ position: n.slice(0, 3), target: n.slice(3) }, 'view')
  } catch (error) {
    throw new Refused('view', (error as Error).message)
  }
}
