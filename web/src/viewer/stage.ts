import { AmbientLight, Box3, Color, DirectionalLight, Fog, HemisphereLight, Scene, Vector3 } from 'three'
import type { WebGLRenderer } from 'three'
import { boxToThree } from './axes'
import { Ground } from './ground'
import { LOOKS } from './looks'
import type { LookValues } from './looks'
import type { Quality } from './quality'
import type { SharedUniforms } from './shared-uniforms'
import { fitShadow } from './shadow-fit'
import type { ShadowWindow } from './shadow-fit'
import { Sky } from './sky'
import { DRAWING_SUN } from './sun'
import type { SunState } from './sun'
import { NO_DEPTH } from './tile-content'
import type { Box, Look, StageBackground } from './types'

const size = new Vector3()
const centre = new Vector3()
/** Metres around what is looked at that the near shadow map covers at least, and as a share of the eye's distance. */
const NEAR_SHADOW = 40
const SHADOW_SHARE = 1.5
/** Metres around the park that the far shadow map covers. */
const FAR_SHADOW = 1000

/** Everything that is not data: sky, ground, fog, lights, shadow. */
export class Stage {
  readonly scene = new Scene()
  readonly sky = new Sky()
  readonly ground: Ground
  /** Box of the park's own layers in three.js axes. */
  readonly box = new Box3(new Vector3(-100, 0, -100), new Vector3(100, 30, 100))
  /** Box of all that casts shadows, neighbours as well. */
  private readonly casters = new Box3().copy(this.box)
  look: Look = 'day'
  private background: StageBackground | null = null
  private clouds = 0
  private sunState: SunState = DRAWING_SUN
  private readonly fog = new Fog(0xffffff, 500, 3000)
  private readonly hemisphere = new HemisphereLight(0xffffff, 0x888888, 1)
  private readonly fill = new AmbientLight(0xffffff, 0.2)
  private readonly sun = new DirectionalLight(0xffffff, 2)
  /** Gives no light: it carries the shadow map of all that the sun's own, which is sharp where one looks, leaves out. */
  private readonly far = new DirectionalLight(0xffffff, 0)
  private readonly light = new Vector3().copy(DRAWING_SUN.direction)
  private window: ShadowWindow | null = null

  constructor(
    private readonly quality: Quality,
    private readonly shared: SharedUniforms,
  ) {
    this.ground = new Ground(quality.shadow > 0, quality.occlusion, shared)
    this.scene.fog = this.fog
    this.sky.mesh.layers.set(NO_DEPTH)
    for (const light of [this.sun, this.far]) {
      light.castShadow = quality.shadow > 0
      light.shadow.mapSize.setScalar(quality.shadow || 1)
      light.shadow.autoUpdate = false
      light.shadow.radius = 1.4
    }
    for (const light of [this.hemisphere, this.fill, this.sun, this.far]) light.layers.enableAll()
    this.scene.add(this.sky.mesh, this.ground.mesh, this.hemisphere, this.fill, this.sun, this.sun.target)
    // After the sun: shaders know both by their order.
    if (quality.shadow) this.scene.add(this.far, this.far.target)
    this.apply()
  }

  get values(): LookValues {
    return { ...LOOKS[this.look], ...this.background }
  }

  /** Sun glow, strength and warmth follow the sun; below the horizon only the sky is left. */
  setSun(sun: SunState): void {
    this.sunState = sun
    this.apply()
  }

  setLook(look: Look): void {
    this.look = look
    this.apply()
  }

  /** Share of the sun's light that clouds take, 0…1; the sky greys with it. */
  setClouds(share: number): void {
    this.clouds = Math.min(1, Math.max(0, share))
    this.apply()
  }

  setBackground(background: StageBackground | null): void {
    this.background = background
    this.apply()
  }

  /**
   * Place ground and fog for a scene: `park` is what matters, `casters` what throws shadows, `all` everything, `groundHeight` metres above
   * the park's zero.
   */
  setExtent(park: Box, casters: Box, all: Box, groundHeight: number): void {
    boxToThree(park, this.box)
    boxToThree(casters, this.casters)
    const whole = boxToThree(all)
    whole.getSize(size)
    whole.getCenter(centre)
    const radius = Math.max(size.length() / 2, this.box.getSize(size).length())
    this.ground.place(centre.x, centre.z, groundHeight, Math.max(3000, radius * 12))
    this.extent = Math.max(120, this.box.getSize(size).length() / 2)
    this.window = null
  }

  /** Density of the fog: 1 as the look has it, more brings it nearer. */
  density = 1

  /** Half the diagonal of the park. */
  extent = 150

  /** Fog begins behind the park, wherever the camera stands. */
  updateFog(distance: number): void {
    const clear = Math.min(1, 1 / Math.max(0.01, this.density))
    // What is looked at stays within sight, however thick the fog.
    this.fog.near = (distance + this.extent * 0.6) * clear
    this.fog.far = distance + this.extent * 8 * clear
  }

  /** Casters or the sun changed: the shadow maps must be drawn again. */
  invalidateShadow(): void {
    this.window = null
  }

  /** Fit the near shadow to what is looked at; draws the maps anew only when it has to, the far one when casters or the sun changed. */
  updateShadow(renderer: WebGLRenderer, target: Vector3, distance: number): void {
    if (!this.quality.shadow) return
    const fitted = fitShadow(this.sun, this.light, this.casters, target, Math.max(NEAR_SHADOW, distance * SHADOW_SHARE), this.quality.shadow)
    if (this.window && fitted.radius === this.window.radius && fitted.x === this.window.x && fitted.y === this.window.y) return
    if (!this.window) {
      fitShadow(this.far, this.light, this.casters, this.box.getCenter(centre), FAR_SHADOW, this.quality.shadow)
      this.far.shadow.needsUpdate = true
    }
    this.window = fitted
    this.sun.shadow.needsUpdate = true
    renderer.shadowMap.needsUpdate = true
  }

  /** Draw the shadow maps again with the same fit. */
  redrawShadow(renderer: WebGLRenderer): void {
    if (!this.quality.shadow) return
    this.sun.shadow.needsUpdate = this.far.shadow.needsUpdate = true
    renderer.shadowMap.needsUpdate = true
  }

  dispose(): void {
    this.sky.dispose()
    this.ground.dispose()
    this.sun.dispose()
    this.far.dispose()
    this.scene.clear()
  }

  /** The albedo that shows as `hex` on level ground in full light: so the ground meets the fog without a seam. */
  private albedo(hex: number): Color {
    const colour = new Color(hex)
    const up = Math.max(0, this.light.y) * this.sun.intensity
    for (const c of ['r', 'g', 'b'] as const) {
      const light = (this.hemisphere.color[c] * this.hemisphere.intensity + this.fill.intensity + this.sun.color[c] * up) / Math.PI
      colour[c] = Math.min(0.9, colour[c] / Math.max(0.02, light))
    }
    return colour
  }

  private apply(): void {
    const v = this.values
    const { direction, strength, colour } = this.sunState
    const day = v.night ? 1 : 0.35 + 0.65 * strength
    const grey = (colour: Color): Color => {
      const { r, g, b } = colour
      const mean = 0.82 * (0.2126 * r + 0.7152 * g + 0.0722 * b)
      return colour.lerp(new Color(mean, mean, mean), 0.85 * this.clouds)
    }
    const dusk = (hex: number) => (v.night && !this.clouds ? hex : grey(new Color(hex).multiplyScalar(v.night ? 1 : day)).getHex())
    this.sky.setColours(dusk(v.top), dusk(v.bottom), dusk(v.fog))
    this.sky.setSun(direction, v.night ? 0 : strength * (1 - this.clouds))
    this.fog.color.setHex(dusk(v.fog))
    this.hemisphere.color.setHex(v.skyLight)
    this.hemisphere.groundColor.setHex(v.groundLight)
    this.hemisphere.intensity = v.ambient * day
    this.fill.intensity = v.ambient * 0.12
    this.sun.intensity = v.sun * (v.night ? 1 : strength) * (1 - 0.8 * this.clouds)
    if (v.night) this.sun.color.setHex(0x9db8e8)
    else this.sun.color.setRGB(...colour)
    // By night the moon stands where the drawing's sun stood, so that fronts keep their form.
    this.light.copy(v.night && strength === 0 ? DRAWING_SUN.direction : direction)
    this.sun.position.copy(this.sun.target.position).addScaledVector(this.light, 500)
    this.ground.setColours(this.albedo(v.ground), this.albedo(v.grid))
    this.shared.uNight.value = v.night
    this.shared.uSky.value.setHex(dusk(v.bottom))
    this.window = null
  }
}
