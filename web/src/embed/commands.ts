/** What each command does to an open park. Parameters are checked already. */
import type { LiveFrame } from '../live/types'
import type { StateRanges } from '../viewer/types'
import { expand } from './asked'
import { Refused } from './check'
import { cssColour } from './css-colour'
import type { OpenPark } from './open-park'
import type { Place, PointTable } from './park-server'
import type { CommandName, Commands, Point, PointState, View } from './types'

/** Commands that concern the park itself; the element answers the others. */
export type ParkCommand = Exclude<CommandName, 'hello' | 'load' | 'layers'>
type Tell = (state: { subscription: number; time: number; points: PointState[] }) => void

const RATE_HZ = 2

const HANDLERS: { [K in ParkCommand]: (park: OpenPark, params: Commands[K]['params'], tell: Tell) => Commands[K]['result'] | Promise<Commands[K]['result']> } = {
  async flyTo(park, { gids, box, view, duration }) {
    const { viewer } = park
    if (view === 'home') await viewer.home(duration)
    else if (view) await viewer.setCamera(view, duration)
    else await viewer.flyTo(box ?? (await park.at(gids as string[], (places) => around(places, gids as string[]))), { duration })
    return here(park)
  },
  select: (park, { gids }) =>
    park.at(gids, (places) => {
      park.asked.select(gids)
      park.viewer.select(expand(ranges(places)))
      return { objects: count(ranges(places)) }
    }),
  isolate: (park, { gids }) =>
    park.at(gids ?? [], (places) => {
      park.asked.isolate(gids)
      park.viewer.state.isolate(gids && ranges(places))
      return { objects: count(ranges(places)) }
    }),
  async colour(park, { colours }) {
    if (!colours) {
      park.asked.clearColours()
      await park.clearColours()
      return { objects: 0 }
    }
    const gids = Object.keys(colours)
    // All colours and gids are known to be good before the first object changes.
    const parsed = gids.map((gid) => (typeof colours[gid] === 'string' ? cssColour(colours[gid]) : null))
    return park.at(gids, (places) => {
      places.forEach(({ states }, i) => {
        const colour = parsed[i] ?? null
        park.asked.colour(gids[i] as string, colour)
        park.viewer.state.colorRanges(states, colour)
      })
      return { objects: count(ranges(places)) }
    })
  },
  section(park, { section }) {
    if (section && 'storey' in section) {
      const storey = park.scene.layers.flatMap((layer) => layer.storeys).find((one) => one.gid === section.storey)
      if (!storey) throw new Refused('no-storey', `No storey is called ${section.storey}.`)
      // Just under the next floor, so that the ceiling is gone.
      park.viewer.setSection({ top: storey.top - 0.1 })
    } else park.viewer.setSection(section)
    return {}
  },
  properties: (park, { gid }) => park.server.card(gid),
  async screenshot(park) {
    const png = await park.viewer.screenshot()
    return { png, width: park.viewer.canvas.width, height: park.viewer.canvas.height }
  },
  camera: (park) => here(park),
  async subscribe(park, { scope = {}, max_rate_hz = RATE_HZ }, tell) {
    void park.scene
    const table = await park.pointTable()
    const link = park.live()
    const subscription = link.add(scope, max_rate_hz, (frame) => {
      // Points have other places in another scene: the table of the moment counts.
      void park.pointTable().then((now) => tell({ subscription, time: frame.time ?? 0, points: states(frame, now) }))
    })
    return { subscription, points: described(table) }
  },
  unsubscribe(park, { subscription }) {
    if (!park.live().remove(subscription)) throw new Refused('no-subscription', `Subscription ${subscription} is not open.`)
    return {}
  },
}

/** Answers a command; whatever is wrong with it rejects. */
export async function perform<K extends ParkCommand>(command: K, park: OpenPark, params: Commands[K]['params'], tell: Tell): Promise<Commands[K]['result']> {
  return HANDLERS[command](park, params, tell)
}

function here(park: OpenPark): View {
  const { position, target } = park.viewer.camera
  return { position, target }
}

function ranges(places: readonly Place[]): StateRanges {
  return places.flatMap((place) => [...place.states])
}

function count(states: StateRanges): number {
  return states.reduce((sum, [first, last]) => sum + last - first + 1, 0)
}

function around(places: readonly Place[], gids: readonly string[]) {
  const boxes = places.flatMap(({ box }) => (box ? [box] : []))
  const [first, ...rest] = boxes
  if (!first) throw new Refused('no-place', `${gids.slice(0, 5).join(', ') || 'Nothing'} has no place to fly to.`)
  return rest.reduce((all, box) => all.map((at, i) => (i < 3 ? Math.min(at, box[i] as number) : Math.max(at, box[i] as number))) as typeof first, first)
}

function states({ points, values, quality, changed_at, heard_at }: LiveFrame, table: PointTable): PointState[] {
  return Array.from(points, (at, i) => ({
    point_id: table.point_id[at] ?? '',
    gid: table.gid[at] ?? '',
    kind: table.kind[at] ?? '',
    unit: table.unit[at] ?? null,
    value: number(values[i]),
    quality: quality[i] ?? 3,
    changed_at: changed_at[i] ?? 0,
    heard_at: heard_at[i] ?? 0,
  }))
}

/** A value that was never heard is NaN in a frame; messages to a page know null only. */
function number(value: number | null | undefined): number | null {
  return typeof value === 'number' && !Number.isNaN(value) ? value : null
}

/** All points that the caller may see. */
function described(table: PointTable): Point[] {
  return table.point_id.flatMap((point_id, i) =>
    point_id
      ? [{ point_id, gid: table.gid[i] ?? '', kind: table.kind[i] ?? '', unit: table.unit[i] ?? null, min: table.min[i] ?? null, max: table.max[i] ?? null, name: table.name[i] ?? null }]
      : [],
  )
}
