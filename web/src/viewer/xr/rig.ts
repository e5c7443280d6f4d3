import { Matrix4, Quaternion, Ray, Vector3 } from 'three'

/** Metres to the first solid thing along a ray, or Infinity. */
export type Probe = (ray: Ray, far: number) => number

/** What one steps over, and how near one comes to a wall, metres. */
const STEP = 0.55
const BODY = 0.35
const UP = new Vector3(0, 1, 0)
const DOWN = new Vector3(0, -1, 0)
const ray = new Ray()
const turn = new Quaternion()
const before = new Vector3()

/** Where the room of a headset stands in the park: its floor's place and turn, three.js axes. The head moves inside it. */
export class Rig {
  /** The origin of the headset's floor. */
  readonly position = new Vector3()
  yaw = 0
  readonly matrix = new Matrix4()

  constructor(private readonly probe: Probe) {}

  update(): Matrix4 {
    return this.matrix.compose(this.position, turn.setFromAxisAngle(UP, this.yaw), new Vector3(1, 1, 1))
  }

  /** Turn about the head, so that one stays where one stands. `head` in the park. */
  turn(by: number, head: Vector3): void {
    before.copy(head).sub(this.position).setY(0)
    const after = before.clone().applyAxisAngle(UP, by)
    this.position.add(before).sub(after)
    this.yaw += by
  }

  /** Put the feet under the head on a point of the park. */
  teleport(to: Vector3, head: Vector3): void {
    this.position.x += to.x - head.x
    this.position.z += to.z - head.z
    this.position.y = to.y
  }

  /** Go so many metres along x and z where no wall stands before the head; then stand on the floor below. Whether one moved. */
  walk(x: number, z: number, head: Vector3): boolean {
    let moved = false
    for (const [dx, dz] of [[x, 0], [0, z]] as const) {
      const length = Math.hypot(dx, dz)
      if (length < 1e-6) continue
      ray.direction.set(dx / length, 0, dz / length)
      ray.origin.copy(head)
      const breast = this.probe(ray, BODY + length)
      ray.origin.y = this.position.y + STEP + 0.05
      if (Math.min(breast, this.probe(ray, BODY + length)) < BODY + length) continue
      this.position.x += dx
      this.position.z += dz
      head.x += dx
      head.z += dz
      moved = true
    }
    if (moved) this.stand(head)
    return moved
  }

  /** Feet on the floor under the head; without one they keep their height. */
  stand(head: Vector3): void {
    ray.origin.set(head.x, this.position.y + STEP + 0.5, head.z)
    ray.direction.copy(DOWN)
    const depth = this.probe(ray, 500)
    if (Number.isFinite(depth)) this.position.y = ray.origin.y - depth
  }
}
