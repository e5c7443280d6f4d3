import { ClampToEdgeWrapping, DataTexture, LinearFilter, RGBAFormat, UnsignedByteType } from 'three'
import type { BufferGeometry, Mesh, ShaderMaterial, Texture } from 'three'
import type { Plugin, PluginHost } from '../plugin'
import { NO_DEPTH } from '../tile-content'

/** The colours of a field from low to high, 0xRRGGBB, as a texture of one row. Throws where they are too few. */
export function rampTexture(id: string, ramp: readonly number[]): DataTexture {
  if (ramp.length < 2) throw new Error(`The field "${id}" has ${ramp.length} colours: expected at least two.`)
  return smooth(new DataTexture(new Uint8Array(ramp.flatMap((c) => [(c >> 16) & 255, (c >> 8) & 255, c & 255, 255])), ramp.length, 1, RGBAFormat, UnsignedByteType))
}

/** A texture read between its texels, and at its edge beyond it. */
export function smooth<T extends Texture>(texture: T): T {
  texture.minFilter = texture.magFilter = LinearFilter
  texture.wrapS = texture.wrapT = ClampToEdgeWrapping
  texture.needsUpdate = true
  return texture
}

/** Meshes of coloured fields by id; the material of each has textures of its own, `uValues` and `uRamp`. */
export abstract class FieldMeshes<Geometry extends BufferGeometry> implements Plugin {
  private readonly shown = new Map<string, Mesh<Geometry, ShaderMaterial>>()

  constructor(protected readonly host: PluginHost) {}

  /** Show a mesh in place of the one with its id. */
  protected show(id: string, mesh: Mesh<Geometry, ShaderMaterial>, order: number): void {
    this.remove(id)
    mesh.renderOrder = order
    mesh.layers.set(NO_DEPTH)
    mesh.frustumCulled = false
    this.shown.set(id, mesh)
    this.host.scene.add(mesh)
    this.host.invalidate()
  }

  remove(id: string): void {
    const mesh = this.shown.get(id)
    if (!mesh) return
    this.shown.delete(id)
    this.host.scene.remove(mesh)
    mesh.geometry.dispose()
    for (const name of ['uValues', 'uRamp']) (mesh.material.uniforms[name]?.value as Texture).dispose()
    mesh.material.dispose()
    this.host.invalidate()
  }

  clear(): void {
    for (const id of [...this.shown.keys()]) this.remove(id)
  }

  dispose(): void {
    this.clear()
  }
}
