import { BufferAttribute, BufferGeometry, LineSegments, Points, ShaderMaterial, Vector3 } from 'three'
import type { Plugin, PluginHost } from '../plugin'
import { NO_DEPTH } from '../tile-content'
import { still } from './flow-lines'

export type WeatherKind = 'clear' | 'cloudy' | 'haze' | 'fog' | 'rain' | 'snow'

/** What each weather does to fog (density), light (share that clouds take) and the air. */
const WEATHER: Record<WeatherKind, { fog: number; clouds: number; falls: 'rain' | 'snow' | null }> = {
  clear: { fog: 1, clouds: 0, falls: null },
  cloudy: { fog: 1.3, clouds: 0.6, falls: null },
  haze: { fog: 4, clouds: 0.45, falls: null },
  fog: { fog: 14, clouds: 0.75, falls: null },
  rain: { fog: 3, clouds: 0.8, falls: 'rain' },
  snow: { fog: 3.5, clouds: 0.7, falls: 'snow' },
}

export const WEATHER_KINDS = Object.keys(WEATHER) as WeatherKind[]

/** Drops in the box around the eye, and its side in metres. */
const DROPS = 5000
const SIDE = 60

/** Fog, clouds, rain and snow. Drops fall only where motion is wanted; else they hang still. */
export class Weather implements Plugin {
  kind: WeatherKind = 'clear'
  private drops: LineSegments<BufferGeometry, ShaderMaterial> | Points<BufferGeometry, ShaderMaterial> | null = null

  constructor(private readonly host: PluginHost) {}

  /** Throws where there is no such weather. */
  set(kind: WeatherKind): void {
    const found = WEATHER[kind]
    if (!found) throw new Error(`There is no weather "${String(kind)}": expected one of ${WEATHER_KINDS.join(', ')}.`)
    this.kind = kind
    this.host.viewer.setFog(found.fog)
    this.host.stage.setClouds(found.clouds)
    this.fall(found.falls)
    this.host.invalidate()
  }

  update(seconds: number): boolean {
    if (!this.drops || still()) return false
    const time = this.drops.material.uniforms.uTime as { value: number }
    time.value += seconds
    return true
  }

  dispose(): void {
    this.fall(null)
  }

  private fall(kind: 'rain' | 'snow' | null): void {
    if (this.drops) {
      this.host.scene.remove(this.drops)
      this.drops.geometry.dispose()
      this.drops.material.dispose()
      this.drops = null
    }
    if (!kind) return
    const rain = kind === 'rain'
    const ends = rain ? 2 : 1
    const position = new Float32Array(DROPS * ends * 3)
    const end = new Float32Array(DROPS * ends)
    // A small generator of its own: the same drops every time.
    let state = 42
    const random = (): number => (state = (state * 16807) % 2147483647) / 2147483647
    for (let i = 0; i < DROPS; i++) {
      const drop = [random(), random(), random()]
      for (let k = 0; k < ends; k++) {
        position.set(drop, (i * ends + k) * 3)
        end[i * ends + k] = k
      }
    }
    const geometry = new BufferGeometry()
    geometry.setAttribute('position', new BufferAttribute(position, 3))
    geometry.setAttribute('end', new BufferAttribute(end, 1))
    const material = new ShaderMaterial({
      uniforms: { uTime: { value: 0 }, uEye: { value: new Vector3() }, uSpeed: { value: rain ? 14 : 1.4 }, uSway: { value: rain ? 0 : 0.8 }, uLength: { value: rain ? 0.7 : 0 } },
      vertexShader: /* glsl */ `
        attribute float end;
        uniform float uTime;
        uniform vec3 uEye;
        uniform float uSpeed;
        uniform float uSway;
        uniform float uLength;
        varying float vFade;
        void main() {
          vec3 p = position * ${SIDE.toFixed(1)};
          p.y -= uTime * uSpeed * ( 0.85 + 0.3 * position.x );
          p.xz += uSway * sin( uTime * ( 0.5 + position.zx ) + position.xz * 40.0 );
          // The box goes with the eye, the drops stay where they are in the park.
          p = mod( p - uEye, ${SIDE.toFixed(1)} ) - ${(SIDE / 2).toFixed(1)} + uEye;
          p.y += end * uLength;
          vec4 mv = viewMatrix * vec4( p, 1.0 );
          vFade = 1.0 - smoothstep( ${(SIDE * 0.25).toFixed(1)}, ${(SIDE * 0.5).toFixed(1)}, length( mv.xyz ) );
          gl_Position = projectionMatrix * mv;
          gl_PointSize = clamp( 60.0 / - mv.z, 1.0, 7.0 );
        }`,
      fragmentShader: rain
        ? 'varying float vFade; void main() { gl_FragColor = vec4( 0.72, 0.8, 0.9, 0.32 * vFade ); }'
        : 'varying float vFade; void main() { float d = length( gl_PointCoord - 0.5 ); if ( d > 0.5 ) discard; gl_FragColor = vec4( 1.0, 1.0, 1.0, 0.85 * vFade * ( 1.0 - 2.0 * d ) ); }',
      transparent: true,
      depthWrite: false,
      toneMapped: false,
    })
    const drops = rain ? new LineSegments(geometry, material) : new Points(geometry, material)
    drops.frustumCulled = false
    drops.renderOrder = 20
    drops.layers.set(NO_DEPTH)
    drops.onBeforeRender = (_renderer, _scene, camera) => {
      ;(material.uniforms.uEye as { value: Vector3 }).value.setFromMatrixPosition(camera.matrixWorld)
      material.uniformsNeedUpdate = true
    }
    this.drops = drops
    this.host.scene.add(drops)
  }
}
