import { Vector3 } from 'three'
import type { Head } from './head'
import type { Motion } from './motion'

/** Metres a second near things, and per metre of height above the park's zero: high up one flies faster. */
const SPEED = 8
const PER_HEIGHT = 0.25
const RUN = 4

const move = new Vector3()
const side = new Vector3()

/** Flying: along the look, sideways, up and down; walls and ground stop nothing. */
export class Fly {
  constructor(private readonly head: Head) {}

  /** Advance by `seconds`; whether anything moved. */
  update(seconds: number, { ahead, right, up, run }: Motion): boolean {
    if (!ahead && !right && !up) return false
    const { eye, yaw } = this.head
    this.head.direction(move).multiplyScalar(ahead)
    side.set(Math.cos(yaw), 0, -Math.sin(yaw)).multiplyScalar(right)
    move.add(side)
    move.y += up
    if (move.lengthSq() > 1) move.normalize()
    const speed = (SPEED + PER_HEIGHT * Math.max(0, eye.y)) * (run ? RUN : 1)
    eye.addScaledVector(move, speed * seconds)
    return true
  }
}
