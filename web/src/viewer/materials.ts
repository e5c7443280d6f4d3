import { Color, DoubleSide, FrontSide, LineBasicMaterial, MeshBasicMaterial, MeshDepthMaterial, MeshLambertMaterial } from 'three'
import type { Material, MeshStandardMaterial } from 'three'
import { patchMaterial, setCuts } from './patch-material'
import type { Role } from './patch-material'
import type { SharedUniforms } from './shared-uniforms'
import type { SceneLayer } from './types'

/** Samples along the view at most, so that facades seen at a slant stay sharp; the card's own limit is kept. */
const ANISOTROPY = 8

export interface FaceMaterials {
  material: MeshLambertMaterial
  /** For shadows. */
  depth: Material
  owned: Material[]
}

type Group = SceneLayer['group']

/** Terrain and the vectors draped on it: sections leave them whole. */
export const isGround = (group: Group): boolean => group === 'terrain' || group === 'base'

/**
 * Materials of tiles, made once and shared by all tiles: few programs, few state changes. Textured ones belong to their
 * tile alone and go with it.
 *
 * Lambert and not the standard model: the stage is calm and matte, has no environment map, and a frame costs a quarter less.
 */
export class MaterialLibrary {
  readonly depth: Material
  readonly mask: Material
  private readonly shared = new Map<string, MeshLambertMaterial>()
  private readonly owned = new Set<Material>()
  private readonly edges = new Map<Group, LineBasicMaterial>()
  private section = false
  private edgeColour = new Color(0x26364d)

  constructor(
    private readonly uniforms: SharedUniforms,
    private readonly occlusion: boolean,
  ) {
    this.depth = patchMaterial(new MeshDepthMaterial(), 'depth', uniforms)
    this.mask = patchMaterial(new MeshBasicMaterial({ side: DoubleSide, depthTest: false, depthWrite: false }), 'mask', uniforms)
  }

  /** What faces that the tile gave `source` are drawn with. Owned materials (textured) must be released with the tile. */
  face(source: MeshStandardMaterial, group: Group, vertexColors: boolean): FaceMaterials {
    const seeThrough = source.transparent || source.opacity < 1
    const role: Role = isGround(group) ? 'ground' : seeThrough ? 'glass' : 'solid'
    const twoSided = source.side === DoubleSide
    const pale = group === 'neighbour'
    const key = [role, source.color.getHexString(), source.opacity, seeThrough, twoSided, pale, vertexColors, source.flatShading, group === 'base'].join()
    const known = source.map ? undefined : this.shared.get(key)
    if (known) return { material: known, depth: this.depth, owned: [] }
    if (source.map) source.map.anisotropy = ANISOTROPY
    const material = new MeshLambertMaterial({
      color: source.color,
      map: source.map,
      opacity: source.opacity,
      transparent: seeThrough,
      depthWrite: !seeThrough,
      alphaTest: source.alphaTest,
      vertexColors,
      flatShading: source.flatShading,
      side: twoSided ? DoubleSide : FrontSide,
      // Roads and lawns lie on the terrain: they win over it, and edge lines win over faces.
      polygonOffset: true,
      polygonOffsetFactor: group === 'base' ? -1 : 1,
      polygonOffsetUnits: group === 'base' ? -4 : 1,
    })
    material.userData.twoSided = twoSided
    patchMaterial(material, role, this.uniforms, { pale, occlusion: this.occlusion })
    this.applySection(material)
    if (!source.map) {
      this.shared.set(key, material)
      return { material, depth: this.depth, owned: [] }
    }
    const owned: Material[] = [material]
    if (source.alphaTest > 0) owned.push(this.cutoutDepth(source))
    for (const one of owned) this.owned.add(one)
    return { material, depth: owned[1] ?? this.depth, owned }
  }

  /** The material of baked edge lines. */
  edge(group: Group): LineBasicMaterial {
    let material = this.edges.get(group)
    if (!material) {
      const opacity = group === 'neighbour' ? 0.18 : isGround(group) ? 0.25 : 0.42
      material = new LineBasicMaterial({ color: this.edgeColour, transparent: true, opacity, depthWrite: false })
      this.edges.set(group, patchMaterial(material, 'edge', this.uniforms))
      setCuts(material, this.section)
    }
    return material
  }

  setEdgeColour(colour: number): void {
    this.edgeColour.setHex(colour)
    for (const material of this.edges.values()) material.color.copy(this.edgeColour)
  }

  /** While something is cut, back faces are drawn: they are the fill of the cut. */
  setSection(active: boolean): void {
    if (this.section === active) return
    this.section = active
    for (const material of [...this.shared.values(), ...this.owned]) this.applySection(material)
    for (const material of [...this.edges.values(), this.depth, this.mask]) setCuts(material, active)
  }

  release(material: Material): void {
    if (this.owned.delete(material)) material.dispose()
  }

  dispose(): void {
    for (const material of [...this.shared.values(), ...this.owned, ...this.edges.values(), this.depth, this.mask]) material.dispose()
    this.shared.clear()
    this.owned.clear()
    this.edges.clear()
  }

  /** Leaves and fences cast the shadow of what their image shows. */
  private cutoutDepth(source: MeshStandardMaterial): Material {
    const depth = patchMaterial(new MeshDepthMaterial({ map: source.map, alphaTest: source.alphaTest }), 'depth', this.uniforms)
    setCuts(depth, this.section)
    return depth
  }

  private applySection(material: Material): void {
    setCuts(material, this.section)
    if (!(material instanceof MeshLambertMaterial)) return
    const side = this.section || material.userData.twoSided ? DoubleSide : FrontSide
    if (material.side === side) return
    material.side = side
    material.needsUpdate = true
  }
}
