import { DoubleSide, MeshDepthMaterial, MeshStandardMaterial, Texture } from 'three'
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
})
