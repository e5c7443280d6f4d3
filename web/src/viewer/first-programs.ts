import { BufferAttribute, BufferGeometry, DoubleSide, LineSegments, Mesh, MeshStandardMaterial } from 'three'
import type { Object3D } from 'three'
import type { MaterialLibrary } from './materials'

/**
 * One object without extent for each program that the draft of nearly every building is drawn with: faces without and with normals. Compiled
 * while tiles are on their way, they halt no picture.
 */
export const firstPrograms = (library: MaterialLibrary): Object3D[] => [face(library, true, false), face(library, false, false)]

/** As `firstPrograms`, for what the draft leaves out: edge lines, and glass among which are spaces. */
export const restPrograms = (library: MaterialLibrary): Object3D[] => [new LineSegments(point(FACETED), library.edge('building')), face(library, true, true)]

function face(library: MaterialLibrary, flatShading: boolean, transparent: boolean): Mesh {
  const source = new MeshStandardMaterial({ flatShading, transparent, side: DoubleSide })
  return new Mesh(point(flatShading ? FACETED : SMOOTH), library.face(source, 'building', true, transparent).material)
}

type Sizes = Record<string, number>
const FACETED: Sizes = { position: 3, color: 4, stateIndex: 1 }
const SMOOTH: Sizes = { ...FACETED, normal: 3 }

function point(sizes: Sizes): BufferGeometry {
  const geometry = new BufferGeometry()
  for (const [name, size] of Object.entries(sizes)) geometry.setAttribute(name, new BufferAttribute(new Float32Array(size), size))
  return geometry
}
