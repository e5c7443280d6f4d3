import { BufferAttribute, BufferGeometry, DoubleSide, Group, LineSegments, Mesh, MeshStandardMaterial } from 'three'
import type { MaterialLibrary } from './materials'

/**
 * One object without extent for each program that nearly every building is drawn with: faces without and with normals, edge lines, glass
 * among which are spaces. Compiled while tiles are on their way, they halt no picture.
 */
export function firstPrograms(library: MaterialLibrary): Group {
  const group = new Group()
  const face = (flatShading: boolean, transparent: boolean) => {
    const source = new MeshStandardMaterial({ flatShading, transparent, side: DoubleSide })
    return new Mesh(point(flatShading ? FACETED : SMOOTH), library.face(source, 'building', true, transparent).material)
  }
  return group.add(face(true, false), face(false, false), new LineSegments(point(FACETED), library.edge('building')), face(true, true))
}

type Sizes = Record<string, number>
const FACETED: Sizes = { position: 3, color: 4, stateIndex: 1 }
const SMOOTH: Sizes = { ...FACETED, normal: 3 }

function point(sizes: Sizes): BufferGeometry {
  const geometry = new BufferGeometry()
  for (const [name, size] of Object.entries(sizes)) geometry.setAttribute(name, new BufferAttribute(new Float32Array(size), size))
  return geometry
}
