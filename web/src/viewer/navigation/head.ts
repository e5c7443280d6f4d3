import { MathUtils, Vector3 } from 'three'
import type { PerspectiveCamera } from 'three'
import { toPark, toThree } from '../axes'
import type { CameraPose } from '../types'

/** How far one can look up or down, radians. */
const MOST_PITCH = 1.4
const look = new Vector3()

/** The eye of somebody in the park: where it is and which way it looks. */
export class Head {
  readonly eye = new Vector3()
  yaw = 0
  private pitch = 0

  constructor(private readonly camera: PerspectiveCamera) {}

  get pose(): CameraPose {
    return { position: toPark(this.eye), target: toPark(this.direction(look).multiplyScalar(5).add(this.eye)) }
  }

  set pose(pose: CameraPose) {
    toThree(pose.position, this.eye)
    toThree(pose.target, look).sub(this.eye)
    this.yaw = Math.atan2(-look.x, -look.z)
    this.pitch = MathUtils.clamp(Math.atan2(look.y, Math.hypot(look.x, look.z)), -MOST_PITCH, MOST_PITCH)
    this.apply()
  }

  /** Radians to the left and upwards. */
  turn(left: number, up: number): void {
    this.yaw += left
    this.pitch = MathUtils.clamp(this.pitch + up, -MOST_PITCH, MOST_PITCH)
  }

  /** Unit vector of the look, three.js axes. */
  direction(out: Vector3): Vector3 {
    return out.set(-Math.sin(this.yaw) * Math.cos(this.pitch), Math.sin(this.pitch), -Math.cos(this.yaw) * Math.cos(this.pitch))
  }

  apply(): void {
    this.camera.position.copy(this.eye)
    this.camera.up.set(0, 1, 0)
    this.camera.lookAt(this.direction(look).add(this.eye))
    this.camera.updateMatrixWorld()
  }
}
