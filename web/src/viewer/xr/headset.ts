import { BufferAttribute, BufferGeometry, Line, LineBasicMaterial, Matrix4, Mesh, MeshBasicMaterial, PerspectiveCamera, Ray, RingGeometry, SRGBColorSpace, Vector3, WebGLRenderTarget } from 'three'
import { toThree } from '../axes'
import { describe } from '../sight'
import type { Plugin, PluginHost } from '../plugin'
import type { RayHit } from '../picker'
import { NO_DEPTH } from '../tile-content'
import type { Pick } from '../types'
import { Rig } from './rig'

/** Metres a second that the left stick walks, radians of a turn by the right one, and how far it must be pushed. */
const WALK = 2
const SNAP = Math.PI / 6
const PUSHED = 0.6
const REACH = 500
/** What tiles are chosen for: both eyes of a headset see about this much. */
const FIELD = 110
const EYE_PIXELS = 1400

interface Hand {
  line: Line<BufferGeometry, LineBasicMaterial>
  spot: Mesh<RingGeometry, MeshBasicMaterial>
  aiming: boolean
  turned: boolean
}

/**
 * The park in a headset. Each eye is painted by the frame painter into the session's layer. The left stick walks and stops at walls; the right
 * one pushed ahead aims a jump to where its ray meets a floor or the ground, pushed aside turns. The trigger picks what the ray meets.
 */
export class Headset implements Plugin {
  private session: XRSession | null = null
  private space: XRReferenceSpace | null = null
  private target: WebGLRenderTarget | null = null
  private readonly rig: Rig
  private readonly hands = new Map<XRInputSource, Hand>()
  private readonly field = new PerspectiveCamera(FIELD, 1, 0.1, 3000)
  private last = 0
  private readonly head = new Vector3()
  private restore: (() => void) | null = null

  constructor(private readonly host: PluginHost) {
    this.rig = new Rig((ray, far) => host.sight.probe(ray, far))
  }

  /** Whether a headset shows the park now. */
  get presenting(): boolean {
    return this.session !== null
  }

  /** Begin, by a click or key of the person. Throws where the headset refuses. */
  async enter(): Promise<void> {
    const { xr } = navigator
    if (this.session || !xr) return
    const session = await xr.requestSession('immersive-vr', { requiredFeatures: ['local-floor'] })
    try {
      await this.begin(session)
    } catch (reason) {
      // A headset that shows nothing would keep its wearer in the dark.
      await session.end().catch(() => undefined)
      throw reason
    }
  }

  async leave(): Promise<void> {
    await this.session?.end()
  }

  dispose(): void {
    void this.leave()
  }

  private async begin(session: XRSession): Promise<void> {
    const { renderer } = this.host.surface
    const gl = renderer.getContext() as WebGL2RenderingContext
    await gl.makeXRCompatible()
    const layer = new XRWebGLLayer(session, gl, { antialias: true, depth: true })
    await session.updateRenderState({ baseLayer: layer, depthNear: this.field.near, depthFar: this.field.far })
    this.space = await session.requestReferenceSpace('local-floor')
    this.session = session
    const target = (this.target = new WebGLRenderTarget(Math.max(1, layer.framebufferWidth), Math.max(1, layer.framebufferHeight)))
    // Painted as the canvas is: tone-mapped and in sRGB.
    target.texture.colorSpace = SRGBColorSpace
    ;(target as { isXRRenderTarget?: boolean }).isXRRenderTarget = true
    ;(renderer as unknown as { setRenderTargetFramebuffer(target: WebGLRenderTarget, buffer: WebGLFramebuffer | null): void }).setRenderTargetFramebuffer(target, layer.framebuffer)
    this.place()
    session.addEventListener('select', this.onSelect)
    session.addEventListener('inputsourceschange', this.onSources)
    session.addEventListener('end', this.onEnd)
    this.restore = this.host.hold()
    this.last = 0
    session.requestAnimationFrame(this.onFrame)
    this.host.emit('headset', { presenting: true })
  }

  /** Stand where the camera's ray first meets something to stand on: what one looked at is before one. */
  private place(): void {
    const { position, target } = this.host.viewer.camera
    const [eye, goal] = [toThree(position, new Vector3()), toThree(target, new Vector3())]
    const away = new Vector3().subVectors(eye, goal).setY(0)
    // From high above one lands near the target, at the edge of what was seen.
    const stand = away.length() > 25 ? goal.clone().add(away.setLength(25)) : eye.clone()
    const hit = this.host.sight.cast(new Ray(stand.setY(1000), new Vector3(0, -1, 0)), 3000, { ground: true, ghosts: true })
    this.rig.position.set(stand.x, hit ? hit.point.y : this.host.stage.ground.mesh.position.y, stand.z)
    this.rig.yaw = Math.atan2(eye.x - goal.x, eye.z - goal.z)
    this.rig.update()
  }

  private readonly onFrame = (time: number, frame: XRFrame): void => {
    const { session, space, target } = this
    if (!session || !space || !target) return
    session.requestAnimationFrame(this.onFrame)
    const pose = frame.getViewerPose(space)
    if (!pose) return
    const seconds = this.last ? Math.min(0.1, (time - this.last) / 1000) : 0
    this.last = time
    this.head.setFromMatrixPosition(matrix.fromArray(pose.transform.matrix).premultiply(this.rig.update()))
    for (const source of session.inputSources) this.drive(source, frame, space, seconds)
    const { camera, painter, panes } = this.host
    const root = this.rig.update()
    matrix.fromArray(pose.transform.matrix).premultiply(root).decompose(camera.position, camera.quaternion, camera.scale)
    camera.projectionMatrix.copy(this.field.projectionMatrix)
    camera.projectionMatrixInverse.copy(this.field.projectionMatrixInverse)
    camera.updateMatrixWorld()
    this.host.advance(seconds, EYE_PIXELS)
    const layer = session.renderState.baseLayer as XRWebGLLayer
    const painted = panes.views[0]?.painted ?? null
    pose.views.forEach((view, i) => {
      const port = layer.getViewport(view)
      if (!port) return
      matrix.fromArray(view.transform.matrix).premultiply(root).decompose(camera.position, camera.quaternion, camera.scale)
      camera.projectionMatrix.fromArray(view.projectionMatrix)
      camera.projectionMatrixInverse.copy(camera.projectionMatrix).invert()
      painter.paintEye(painted, target, [port.x, port.y, port.width, port.height], i === 0)
    })
  }

  /** Sticks, and the ray of a hand. */
  private drive(source: XRInputSource, frame: XRFrame, space: XRReferenceSpace, seconds: number): void {
    const hand = this.handOf(source)
    const [x, y] = stick(source.gamepad)
    if (source.handedness === 'left') {
      if (Math.hypot(x, y) > 0.15) {
        this.host.camera.getWorldDirection(ahead).setY(0).normalize()
        const step = WALK * seconds
        this.rig.walk((-ahead.x * y - ahead.z * x) * step, (-ahead.z * y + ahead.x * x) * step, this.head)
      }
    } else {
      const aside = Math.abs(x) > PUSHED && Math.abs(y) < PUSHED
      if (aside && !hand.turned) this.rig.turn(-Math.sign(x) * SNAP, this.head)
      hand.turned = aside
      if (y < -PUSHED) hand.aiming = true
      else if (hand.aiming && Math.hypot(x, y) < 0.2) {
        hand.aiming = false
        const goal = this.floorAt(source, frame, space)
        if (goal) this.rig.teleport(goal, this.head)
      }
    }
    const ray = this.rayOf(source, frame, space)
    hand.line.visible = hand.spot.visible = ray !== null
    if (!ray) return
    const hit = hand.aiming ? this.floorAt(source, frame, space) : (this.cast(ray)?.point ?? null)
    const end = hit ?? ray.at(20, new Vector3())
    const position = hand.line.geometry.attributes.position as BufferAttribute
    position.setXYZ(0, ray.origin.x, ray.origin.y, ray.origin.z)
    position.setXYZ(1, end.x, end.y, end.z)
    position.needsUpdate = true
    hand.spot.visible = hit !== null
    hand.spot.position.copy(end)
    hand.spot.scale.setScalar(hand.aiming ? 0.5 : 0.03 * Math.max(1, end.distanceTo(ray.origin) / 4))
    if (hand.aiming) hand.spot.rotation.set(-Math.PI / 2, 0, 0)
    else hand.spot.lookAt(ray.origin)
  }

  private rayOf(source: XRInputSource, frame: XRFrame, space: XRReferenceSpace): Ray | null {
    const pose = frame.getPose(source.targetRaySpace, space)
    if (!pose) return null
    matrix.fromArray(pose.transform.matrix).premultiply(this.rig.update())
    return new Ray(new Vector3().setFromMatrixPosition(matrix), new Vector3(0, 0, -1).transformDirection(matrix))
  }

  private cast(ray: Ray): RayHit | null {
    return this.host.sight.cast(ray, REACH)
  }

  /** Where one could stand along the ray: the first face that is level enough. */
  private floorAt(source: XRInputSource, frame: XRFrame, space: XRReferenceSpace): Vector3 | null {
    const ray = this.rayOf(source, frame, space)
    const hit = ray && this.cast(ray)
    if (!hit) return null
    const [a, b, c] = hit.triangle
    const normal = new Vector3().subVectors(b, a).cross(new Vector3().subVectors(c, a)).normalize()
    return Math.abs(normal.y) > 0.8 ? hit.point : null
  }

  private readonly onSelect = (event: XRInputSourceEvent): void => {
    const ray = this.space && this.rayOf(event.inputSource, event.frame, this.space)
    const hit = ray && this.cast(ray)
    const pick: Pick | null = hit ? describe(hit) : null
    this.host.emit('pick', { pick, event: new PointerEvent('click') })
  }

  private readonly onSources = (event: XRInputSourcesChangeEvent): void => {
    for (const source of event.removed) this.drop(source)
  }

  private handOf(source: XRInputSource): Hand {
    let hand = this.hands.get(source)
    if (!hand) {
      const geometry = new BufferGeometry().setAttribute('position', new BufferAttribute(new Float32Array(6), 3))
      const look = { color: this.host.accent, fog: false, toneMapped: false, transparent: true, opacity: 0.9 }
      hand = { line: new Line(geometry, new LineBasicMaterial(look)), spot: new Mesh(new RingGeometry(0.6, 1, 24), new MeshBasicMaterial({ ...look, depthTest: false })), aiming: false, turned: false }
      for (const object of [hand.line, hand.spot]) {
        object.frustumCulled = false
        object.renderOrder = 10
        object.layers.set(NO_DEPTH)
        this.host.scene.add(object)
      }
      this.hands.set(source, hand)
    }
    return hand
  }

  private drop(source: XRInputSource): void {
    const hand = this.hands.get(source)
    if (!hand) return
    this.hands.delete(source)
    for (const object of [hand.line, hand.spot]) {
      this.host.scene.remove(object)
      object.geometry.dispose()
      object.material.dispose()
    }
  }

  private readonly onEnd = (): void => {
    for (const source of [...this.hands.keys()]) this.drop(source)
    this.session?.removeEventListener('select', this.onSelect)
    this.session = this.space = null
    this.target?.dispose()
    this.target = null
    this.restore?.()
    this.restore = null
    this.host.emit('headset', { presenting: false })
  }
}

const matrix = new Matrix4()
const ahead = new Vector3()

/** Right and back of the thumb stick, -1…1; touchpads come first in the list of axes. */
function stick(gamepad: Gamepad | null | undefined): [number, number] {
  const axes = gamepad?.axes ?? []
  return axes.length >= 4 ? [axes[2] as number, axes[3] as number] : [axes[0] ?? 0, axes[1] ?? 0]
}
