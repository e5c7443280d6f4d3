import type { BufferGeometry, Mesh, ShaderMaterial } from 'three'
import type { Plugin, PluginHost } from '../plugin'
import type { PaneView } from '../pane-set'
import type { Vec3 } from '../types'
import { ribbonMesh, ribbons } from './ribbon'
import { checkTrack, placeAt, span } from './track'
import type { Track } from './track'

/** Above the points, metres: a line on the road would flicker. */
const LIFT = 0.3

/** Tracks of vehicles and people with playback: where each is, and the way it came. */
export class TrackLayer implements Plugin {
  private tracks: readonly Track[] = []
  private readonly mesh: Mesh<BufferGeometry, ShaderMaterial>
  private at = 0
  private rate = 1
  private playing = false
  private told = 0

  constructor(private readonly host: PluginHost) {
    this.mesh = ribbonMesh(
      { uNow: { value: 0 }, uTail: { value: 60 } },
      /* glsl */ `
      uniform float uNow;
      uniform float uTail;
      varying vec3 vColour;
      varying float vAlong;
      varying float vAcross;
      void main() {
        float age = uNow - vAlong;
        // The way still to go is a hint, the way just come is bright.
        float alpha = age < 0.0 ? 0.14 : mix( 0.9, 0.3, clamp( age / uTail, 0.0, 1.0 ) );
        gl_FragColor = vec4( vColour, alpha * ( 1.0 - smoothstep( 0.6, 1.0, abs( vAcross ) ) ) );
      }`,
    )
    host.scene.add(this.mesh)
  }

  /** Show these tracks from their beginning; none ends it. `tail`: seconds until a way just come has faded. Throws where a track makes no sense. */
  set(tracks: readonly Track[], tail = 60): void {
    tracks.forEach(checkTrack)
    this.tracks = tracks
    this.playing = false
    const [start] = tracks.length ? span(tracks) : [0]
    // Seconds from the start: milliseconds since 1970 do not fit the shader's numbers.
    this.mesh.geometry.dispose()
    this.mesh.geometry = ribbons(
      tracks.map(({ points, times, color }) => ({ points: points.map(([x, y, z]): Vec3 => [x, y, z + LIFT]), along: times.map((t) => (t - start) / 1000), color, width: 3 })),
    )
    this.mesh.visible = tracks.length > 0
    ;(this.mesh.material.uniforms.uTail as { value: number }).value = tail
    this.seek(start)
  }

  /** First and last moment, epoch milliseconds; null without tracks. */
  get range(): [number, number] | null {
    return this.tracks.length ? span(this.tracks) : null
  }

  get time(): number {
    return this.at
  }

  /** Play on at `rate` times the speed of life; from the beginning where the end was reached. */
  play(rate = 1): void {
    const { range } = this
    if (!range) return
    this.rate = rate
    this.playing = true
    if (this.at >= range[1]) this.seek(range[0])
    this.tell()
    this.host.invalidate()
  }

  pause(): void {
    this.playing = false
    this.tell()
  }

  seek(time: number): void {
    const { range } = this
    this.at = range ? Math.min(range[1], Math.max(range[0], time)) : 0
    ;(this.mesh.material.uniforms.uNow as { value: number }).value = range ? (this.at - range[0]) / 1000 : 0
    this.tell()
    this.host.invalidate()
  }

  update(seconds: number): boolean {
    const { range } = this
    if (!this.playing || !range) return false
    const next = this.at + seconds * 1000 * this.rate
    if (next >= range[1]) this.playing = false
    this.seek(next)
    return this.playing
  }

  get drawn(): boolean {
    return this.tracks.length > 0
  }

  /** An arrow where each is now, over everything, with its name. */
  overlay(context: CanvasRenderingContext2D, view: PaneView): void {
    for (const track of this.tracks) {
      const place = placeAt(track, this.at)
      if (!place) continue
      const [x, y, z] = place.position
      const spot = this.host.sight.screen([x, y, z + LIFT], view)
      if (!spot) continue
      const ahead = place.heading === null ? null : this.host.sight.screen([x + Math.sin(place.heading), y + Math.cos(place.heading), z + LIFT], view)
      context.save()
      context.translate(...spot)
      context.beginPath()
      if (ahead) {
        context.rotate(Math.atan2(ahead[1] - spot[1], ahead[0] - spot[0]))
        for (const [dx, dy] of [[11, 0], [-7, -7], [-3, 0], [-7, 7]] as const) context.lineTo(dx, dy)
        context.closePath()
      } else context.arc(0, 0, 7, 0, 2 * Math.PI)
      context.fillStyle = `#${track.color.toString(16).padStart(6, '0')}`
      context.fill()
      context.strokeStyle = '#FFFFFF'
      context.lineWidth = 2
      context.stroke()
      context.restore()
      if (!track.label) continue
      // The page's own font: it has the signs of the names.
      context.font = `600 13px ${getComputedStyle(context.canvas).fontFamily}`
      context.textAlign = 'center'
      context.lineWidth = 3
      context.strokeStyle = 'rgba(16,28,48,0.85)'
      context.strokeText(track.label, spot[0], spot[1] - 14)
      context.fillStyle = '#FFFFFF'
      context.fillText(track.label, spot[0], spot[1] - 14)
    }
  }

  dispose(): void {
    this.host.scene.remove(this.mesh)
    this.mesh.geometry.dispose()
    this.mesh.material.dispose()
  }

  /** Tell hosts at most ten times a second while it plays. */
  private tell(): void {
    const now = performance.now()
    if (this.playing && now - this.told < 100) return
    this.told = now
    this.host.emit('playback', { time: this.at, playing: this.playing })
  }
}
