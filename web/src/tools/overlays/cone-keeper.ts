/** Keeps the views of chosen cameras on the stage. */
import type { CameraPose } from '../../viewer/types'
import type { ViewCone } from '../../viewer/overlays/view-fan'
import type { StageController } from '../stage-controller'
import type { ConeChoice } from './choice'
import { camerasOf } from './park-data'
import type { CameraRow } from './park-data'

const COLOUR = 0x37c98b
/** Of a common fixed camera, where its properties leave something out: degrees and metres. */
const USUAL = { pitch: -10, width: 90, height: 50, range: 20 }

/** The view of a camera; null where nothing says which way it looks. */
export function coneOf(row: CameraRow): ViewCone | null {
  if (row.heading === null) return null
  const { gid: id, x, y, z, heading } = row
  return { id, position: [x, y, z], heading, pitch: row.pitch ?? USUAL.pitch, width: row.width ?? USUAL.width, height: row.height ?? USUAL.height, range: row.range ?? USUAL.range, color: COLOUR }
}

/** Where to stand and look to see what a camera sees, a little before its body. */
export function poseOf({ position: [x, y, z], heading, pitch }: ViewCone): CameraPose {
  const [h, p] = [(heading * Math.PI) / 180, (pitch * Math.PI) / 180]
  const ahead = [Math.sin(h) * Math.cos(p), Math.cos(h) * Math.cos(p), Math.sin(p)] as const
  const at = (metres: number): [number, number, number] => [x + ahead[0] * metres, y + ahead[1] * metres, z + ahead[2] * metres]
  return { position: at(0.35), target: at(6) }
}

export class ConeKeeper {
  private choice: ConeChoice | null = null

  constructor(private readonly stage: StageController) {}

  async show(choice: ConeChoice | null): Promise<void> {
    if (choice === this.choice) return
    this.choice = choice
    const cones = await this.stage.viewer.use('cones')
    const wanted = new Set(choice?.cameras)
    const rows = wanted.size > 0 ? await camerasOf(this.stage.manifest.revision) : []
    if (choice !== this.choice) return
    cones.set(rows.filter(({ gid }) => wanted.has(gid)).flatMap((row) => coneOf(row) ?? []))
  }
}
