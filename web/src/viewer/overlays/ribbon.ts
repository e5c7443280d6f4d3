import { BufferAttribute, BufferGeometry, DoubleSide, Mesh, ShaderMaterial, Vector2, Vector4 } from 'three'
import type { IUniform } from 'three'
import { NO_DEPTH } from '../tile-content'
import type { Vec3 } from '../types'

const viewport = new Vector4()

/** A line to draw as a ribbon of constant width on the screen. */
export interface RibbonLine {
  points: readonly Vec3[]
  /** 0xRRGGBB. */
  color: number
  /** CSS pixels. */
  width: number
  /** One number a point, handed on to the shader: metres along the line when not given. */
  along?: ArrayLike<number>
  /** One number for the whole line, handed on to the shader. */
  rate?: number
}

/** Metres along a line at each of its points. */
export function lengths(points: readonly Vec3[]): number[] {
  let sum = 0
  return points.map((p, i) => {
    const q = points[i - 1]
    return q ? (sum += Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2])) : 0
  })
}

/** All lines as quads of one geometry: both ends at every corner, the corner's side and end, `along`, colour, width and rate. */
export function ribbons(lines: readonly RibbonLine[]): BufferGeometry {
  const segments = lines.reduce((n, line) => n + Math.max(0, line.points.length - 1), 0)
  const from = new Float32Array(segments * 12)
  const to = new Float32Array(segments * 12)
  const corner = new Float32Array(segments * 8)
  const along = new Float32Array(segments * 4)
  const look = new Float32Array(segments * 20)
  const index = new Uint32Array(segments * 6)
  let s = 0
  for (const { points, color, width, rate = 0, along: given } of lines) {
    const measure = given ?? lengths(points)
    for (let i = 0; i + 1 < points.length; i++, s++) {
      const [a, b] = [points[i] as Vec3, points[i + 1] as Vec3]
      for (let k = 0; k < 4; k++) {
        from.set([a[0], a[2], -a[1]], (s * 4 + k) * 3)
        to.set([b[0], b[2], -b[1]], (s * 4 + k) * 3)
        const end = k >> 1
        corner.set([k & 1 ? 1 : -1, end], (s * 4 + k) * 2)
        along[s * 4 + k] = measure[i + end] as number
        look.set([((color >> 16) & 255) / 255, ((color >> 8) & 255) / 255, (color & 255) / 255, width, rate], (s * 4 + k) * 5)
      }
      index.set([0, 2, 1, 1, 2, 3].map((v) => s * 4 + v), s * 6)
    }
  }
  const colour = new Float32Array(segments * 12)
  const style = new Float32Array(segments * 8)
  for (let i = 0; i < segments * 4; i++) {
    colour.set(look.subarray(i * 5, i * 5 + 3), i * 3)
    style.set(look.subarray(i * 5 + 3, i * 5 + 5), i * 2)
  }
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(from, 3))
  geometry.setAttribute('to', new BufferAttribute(to, 3))
  geometry.setAttribute('corner', new BufferAttribute(corner, 2))
  geometry.setAttribute('along', new BufferAttribute(along, 1))
  geometry.setAttribute('colour', new BufferAttribute(colour, 3))
  geometry.setAttribute('style', new BufferAttribute(style, 2))
  geometry.setIndex(new BufferAttribute(index, 1))
  return geometry
}

/** The vertex side of a ribbon; hands on vColour, vAlong, vRate and vAcross (-1…1). Needs uSize, the viewport in CSS pixels. */
export const RIBBON_VERTEX = /* glsl */ `
attribute vec3 to;
attribute vec2 corner;
attribute float along;
attribute vec3 colour;
attribute vec2 style;
uniform vec2 uSize;
varying vec3 vColour;
varying float vAlong;
varying float vRate;
varying float vAcross;
void main() {
  vec4 a = projectionMatrix * modelViewMatrix * vec4( position, 1.0 );
  vec4 b = projectionMatrix * modelViewMatrix * vec4( to, 1.0 );
  // An end behind the eye is brought before it, or its direction would turn round.
  float near = 0.05;
  if ( a.w < near && b.w > near ) a = mix( a, b, ( near - a.w ) / ( b.w - a.w ) );
  else if ( b.w < near && a.w > near ) b = mix( b, a, ( near - b.w ) / ( a.w - b.w ) );
  vec2 way = ( b.xy / b.w - a.xy / a.w ) * uSize;
  vec2 across = length( way ) > 1e-6 ? normalize( vec2( - way.y, way.x ) ) : vec2( 0.0, 1.0 );
  vec4 p = corner.y < 0.5 ? a : b;
  p.xy += across * corner.x * style.x / uSize * p.w;
  gl_Position = p;
  vColour = colour;
  vAlong = along;
  vRate = style.y;
  vAcross = corner.x;
}`


/** A mesh for ribbons, empty yet: `fragment` colours them with `uniforms` of its own. */
export function ribbonMesh(uniforms: Record<string, IUniform<number>>, fragment: string): Mesh<BufferGeometry, ShaderMaterial> {
  const size = { value: new Vector2(1, 1) }
  const material = new ShaderMaterial({
    uniforms: { ...uniforms, uSize: size },
    vertexShader: RIBBON_VERTEX,
    fragmentShader: fragment,
    transparent: true,
    depthWrite: false,
    side: DoubleSide,
    toneMapped: false,
  })
  const mesh = new Mesh(new BufferGeometry(), material)
  mesh.frustumCulled = false
  mesh.renderOrder = 5
  mesh.layers.set(NO_DEPTH)
  mesh.visible = false
  mesh.onBeforeRender = (renderer) => {
    renderer.getCurrentViewport(viewport)
    const ratio = renderer.getPixelRatio()
    size.value.set(viewport.z / ratio, viewport.w / ratio)
    material.uniformsNeedUpdate = true
  }
  return mesh
}
