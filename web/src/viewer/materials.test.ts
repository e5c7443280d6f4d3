import { DoubleSide, FrontSide, MeshDepthMaterial, MeshStandardMaterial, Texture } from 'three'
import { describe, expect, it, vi } from 'vitest'
import { MaterialLibrary } from './materials'
import { createSharedUniforms } from './shared-uniforms'

const library = () => new MaterialLibrary(createSharedUniforms(), false)
const textured = (more: object = {}) => new MeshStandardMaterial({ map: new Texture(), side: DoubleSide, ...more })

describe('MaterialLibrary', () => {
  it('shares plain materials between tiles and none of them with an image', () => {
    const made = library()
    const plain = new MeshStandardMaterial({ side: DoubleSide })
    expect(made.face(plain, 'building', true).material).toBe(made.face(plain.clone(), 'building', true).material)
    expect(made.face(plain, 'building', true).owned).toEqual([])
    const source = textured()
    const one = made.face(source, 'building', true)
    expect(one.material.map).toBe(source.map)
    expect(one.owned).toEqual([one.material])
    expect(made.face(source, 'building', true).material).not.toBe(one.material)
    expect(made.face(plain, 'building', true).material.map).toBeNull()
  })

  it('keeps images sharp at a slant', () => {
    const source = textured()
    library().face(source, 'building', true)
    expect(source.map?.anisotropy).toBeGreaterThan(1)
  })

  it('cuts shadows out where the image is cut out', () => {
    const made = library()
    expect(made.face(textured(), 'building', true).depth).toBe(made.depth)
    const source = textured({ alphaTest: 0.5 })
    const { depth, owned, material } = made.face(source, 'building', true)
    expect(depth).toBeInstanceOf(MeshDepthMaterial)
    expect((depth as MeshDepthMaterial).map).toBe(source.map)
    expect(depth.alphaTest).toBe(0.5)
    expect(owned).toEqual([material, depth])
  })

  it('gives owned materials back, once, and cuts them while they live', () => {
    const made = library()
    const { owned } = made.face(textured({ alphaTest: 0.5 }), 'building', true)
    made.setSection(true)
    for (const material of owned) expect(material.defines).toHaveProperty('PARK_CUTS')
    const gone = owned.map((material) => vi.spyOn(material, 'dispose'))
    for (const material of [...owned, ...owned]) made.release(material)
    for (const spy of gone) expect(spy).toHaveBeenCalledTimes(1)
    made.dispose()
    for (const spy of gone) expect(spy).toHaveBeenCalledTimes(1)
  })

  it('leaves pixels out only while it must, but always of volumes and in the mask', () => {
    const made = library()
    const plain = new MeshStandardMaterial({ side: DoubleSide })
    const solid = made.face(plain, 'building', true).material
    const volumes = made.face(plain, 'building', true, true).material
    expect(volumes).not.toBe(solid)
    const sparse = () => [solid, volumes, made.mask, made.depth, made.edge('building')].map((material) => 'PARK_SPARSE' in (material.defines ?? {}))
    expect(sparse()).toEqual([false, true, true, false, false])
    made.setSparse(true)
    expect(sparse()).toEqual([true, true, true, true, true])
    made.setSparse(false)
    expect(sparse()).toEqual([false, true, true, false, false])
  })

  it('lets fronts alone be drawn and no lines while it is thrifty, by the same program, but a cut keeps its fill', () => {
    const made = library()
    const solid = made.face(new MeshStandardMaterial({ side: DoubleSide }), 'building', true).material
    const closed = made.face(new MeshStandardMaterial({ side: FrontSide }), 'building', true).material
    const glass = made.face(new MeshStandardMaterial({ side: DoubleSide, opacity: 0.4, transparent: true }), 'building', true).material
    const culled = () => [solid, closed, glass, made.mask].map((material) => made.culls(material))
    const { version } = solid
    expect(culled()).toEqual([false, false, false, false])
    made.setThrift(true)
    expect(culled()).toEqual([true, false, false, false])
    expect([solid.side, closed.side, glass.visible, made.edge('building').visible]).toEqual([DoubleSide, FrontSide, true, false])
    expect(solid.version).toBe(version)
    made.setSection(true)
    expect(culled()).toEqual([false, false, false, false])
    expect(closed.side).toBe(DoubleSide)
    made.setSection(false)
    made.setThrift(false)
    expect(culled()).toEqual([false, false, false, false])
    expect([closed.side, made.edge('building').visible]).toEqual([FrontSide, true])
  })

  it('leaves out what one sees through where that is asked for, also of materials that come meanwhile', () => {
    const made = library()
    const pane = (opacity: number) => made.face(new MeshStandardMaterial({ opacity, transparent: true }), 'building', true).material
    const known = pane(0.4)
    made.setThrift(true, true)
    expect([known.visible, pane(0.5).visible]).toEqual([false, false])
    made.setThrift(true)
    expect([known.visible, pane(0.5).visible]).toEqual([true, true])
  })
})
