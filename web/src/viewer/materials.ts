import { Color, DoubleSide, FrontSide, LineBasicMaterial, MeshBasicMaterial, MeshDepthMaterial, MeshLambertMaterial } from 'three'
import type { Material, MeshStandardMaterial } from 'three'
import { patchMaterial, setCuts, setSparse } from './patch-material'
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
  private readonly edges = new Map<string, LineBasicMaterial>()
  private section = false
  private sparse = false
  private thrift = false
  private opaque = false
  private edgeColour = new Color(0x26364d)

  constructor(
    private readonly uniforms: SharedUniforms,
    private readonly occlusion: boolean,
  ) {
    this.depth = patchMaterial(new MeshDepthMaterial(), 'depth', uniforms)
    this.mask = patchMaterial(new MeshBasicMaterial({ side: DoubleSide, depthTest: false, depthWrite: false }), 'mask', uniforms, { sparse: true })
  }

  /**
   * What faces that the tile gave `source` are drawn with; `volumes`: some of them are spaces or zones. Owned materials (textured) must be
   * released with the tile.
   */
  face(source: MeshStandardMaterial, group: Group, vertexColors: boolean, volumes = false): FaceMaterials {
    const seeThrough = source.transparent || source.opacity < 1
    const role: Role = isGround(group) ? 'ground' : seeThrough ? 'glass' : 'solid'
    const twoSided = source.side === DoubleSide
    const pale = group === 'neighbour'
    const key = [role, source.color.getHexString(), source.opacity, seeThrough, twoSided, pale, vertexColors, source.flatShading, group === 'base', volumes].join()
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
    // Panes have one colour: their two sides need no order, and so no second drawing.
    material.forceSinglePass = true
    patchMaterial(material, role, this.uniforms, { pale, occlusion: this.occlusion, sparse: volumes })
    this.applyModes(material)
    if (!source.map) {
      this.shared.set(key, material)
      return { material, depth: this.depth, owned: [] }
    }
    const owned: Material[] = [material]
    if (source.alphaTest > 0) owned.push(this.cutoutDepth(source))
    for (const one of owned) this.owned.add(one)
    return { material, depth: owned[1] ?? this.depth, owned }
  }

  /** The material of baked edge lines; `volumes`: some of them are of spaces or zones. */
  edge(group: Group, volumes = false): LineBasicMaterial {
    const key = `${group},${volumes}`
    let material = this.edges.get(key)
    if (!material) {
      const opacity = group === 'neighbour' ? 0.18 : isGround(group) ? 0.25 : 0.42
      material = new LineBasicMaterial({ color: this.edgeColour, transparent: true, opacity, depthWrite: false })
      this.edges.set(key, patchMaterial(material, 'edge', this.uniforms, { sparse: volumes }))
      this.applyModes(material)
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
    for (const material of this.all()) this.applyModes(material)
  }

  /** While something is a ghost or faded, or the ground is opened, pixels are left out; else no program may do so. */
  setSparse(active: boolean): void {
    if (this.sparse === active) return
    this.sparse = active
    for (const material of this.all()) this.applyModes(material)
  }

  /** While a picture has to be cheap: no edge lines, and faces from the front alone (see `culls`); `opaque`: nor what one sees through. */
  setThrift(active: boolean, opaque = false): void {
    if (this.thrift === active && this.opaque === opaque) return
    this.thrift = active
    this.opaque = opaque
    for (const material of this.all()) this.applyModes(material)
  }

  /**
   * Whether back faces of `material` are to be left out of a picture though it has two sides. Whoever draws lets the card do it: with another
   * `side` it would be another program, for which the picture had to wait.
   */
  culls(material: Material): boolean {
    return this.thrift && !this.section && !material.transparent && material.userData.twoSided === true
  }

  release(material: Material): void {
    if (this.owned.delete(material)) material.dispose()
  }

  dispose(): void {
    for (const material of this.all()) material.dispose()
    this.shared.clear()
    this.owned.clear()
    this.edges.clear()
  }

  /** Leaves and fences cast the shadow of what their image shows. */
  private cutoutDepth(source: MeshStandardMaterial): Material {
    const depth = patchMaterial(new MeshDepthMaterial({ map: source.map, alphaTest: source.alphaTest }), 'depth', this.uniforms)
    this.applyModes(depth)
    return depth
  }

  private *all(): Generator<Material> {
    yield* this.shared.values()
    yield* this.owned
    yield* this.edges.values()
    yield this.depth
    yield this.mask
  }

  private applyModes(material: Material): void {
    setCuts(material, this.section)
    setSparse(material, this.sparse)
    if (material instanceof LineBasicMaterial) material.visible = !this.thrift
    if (!(material instanceof MeshLambertMaterial)) return
    material.visible = !(this.opaque && material.transparent)
    const side = this.section || material.userData.twoSided === true ? DoubleSide : FrontSide
    if (material.side === side) return
    material.side = side
    material.needsUpdate = true
  }
}
