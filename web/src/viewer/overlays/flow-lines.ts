import type { BufferGeometry, Mesh, ShaderMaterial } from 'three'
import type { Plugin, PluginHost } from '../plugin'
import type { Vec3 } from '../types'
import { ribbonMesh, ribbons } from './ribbon'

export interface FlowLine {
  points: readonly Vec3[]
  /** 0xRRGGBB. */
  color: number
  /** CSS pixels, default 4. */
  width?: number
  /** Metres a second; negative flows backwards, 0 stands. Default 5. */
  speed?: number
}

export interface FlowOptions {
  /** Drawn over everything, for pipes under ground. Default true. */
  through?: boolean
  /** Metres between two pulses, default 12. */
  spacing?: number
}

/** Lines along which light runs: pipes, cables, traffic. One draw call; runs only while shown and where motion is wanted. */
export class FlowLines implements Plugin {
  private readonly mesh: Mesh<BufferGeometry, ShaderMaterial>
  private running = false

  constructor(private readonly host: PluginHost) {
    this.mesh = ribbonMesh(
      { uTime: { value: 0 }, uSpacing: { value: 12 } },
      /* glsl */ `
      uniform float uTime;
      uniform float uSpacing;
      varying vec3 vColour;
      varying float vAlong;
      varying float vRate;
      varying float vAcross;
      void main() {
        float pulse = fract( ( vAlong - uTime * vRate ) / uSpacing );
        // A bright head with a tail behind it, whichever way it runs.
        float light = vRate < 0.0 ? 1.0 - pulse : pulse;
        float glow = vRate == 0.0 ? 0.5 : smoothstep( 0.45, 1.0, light );
        float edge = 1.0 - smoothstep( 0.6, 1.0, abs( vAcross ) );
        gl_FragColor = vec4( mix( vColour, vec3( 1.0 ), 0.55 * glow ), edge * ( 0.35 + 0.65 * glow ) );
      }`,
    )
    host.scene.add(this.mesh)
  }

  /** Show these lines in place of the last ones; none ends it. */
  set(lines: readonly FlowLine[], { through = true, spacing = 12 }: FlowOptions = {}): void {
    this.mesh.geometry.dispose()
    this.mesh.geometry = ribbons(lines.map(({ points, color, width = 4, speed = 5 }) => ({ points, color, width, rate: speed })))
    this.mesh.visible = lines.length > 0
    this.mesh.material.depthTest = !through
    this.uniform('uSpacing').value = spacing
    this.running = lines.some(({ speed = 5 }) => speed !== 0)
    this.host.invalidate()
  }

  /** Stand still, or go on. */
  play(on: boolean): void {
    this.running = on
    this.host.invalidate()
  }

  update(seconds: number): boolean {
    if (!this.running || !this.mesh.visible || still()) return false
    this.uniform('uTime').value += seconds
    return true
  }

  dispose(): void {
    this.host.scene.remove(this.mesh)
    this.mesh.geometry.dispose()
    this.mesh.material.dispose()
  }

  private uniform(name: string): { value: number } {
    return this.mesh.material.uniforms[name] as { value: number }
  }
}

/** Whether the person wants no motion. */
export function still(): boolean {
  return globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? false
}
