import { BackSide, BoxGeometry, Data3DTexture, FrontSide, Mesh, RGFormat, ShaderMaterial, UnsignedByteType, Vector3 } from 'three'
import type { DataTexture } from 'three'
import { MAX_CUTS } from '../shared-uniforms'
import type { Box } from '../types'
import { valueBytes } from './field'
import type { SpaceGrid } from './field-3d'
import { FieldMeshes, rampTexture, smooth } from './field-meshes'

export interface HeatVolumeField {
  id: string
  grid: SpaceGrid
  low: number
  high: number
  /** Colours from low to high, 0xRRGGBB. */
  ramp: readonly number[]
  /** Share of the light that one metre takes, 0…1. Default 0.06. */
  density?: number
}

/** Steps of a ray through a volume. */
const STEPS = 72
/** The box is drawn this much larger, so that a facade in its side does not flicker. Metres. */
const ROOM = 0.4

/** Coloured fields of values in space, as mist: rays march through a 3D texture. Sections cut it, what stands before it hides it. */
export class HeatVolume extends FieldMeshes<BoxGeometry> {
  /** Show a field, or show it anew. Throws where its values do not fit its size or range. */
  set(field: HeatVolumeField): void {
    const { id, grid, low, high, ramp, density = 0.06 } = field
    const [columns, rows, levels] = grid.size
    const colours = rampTexture(id, ramp)
    const bytes = valueBytes(grid.values, columns * rows * levels, low, high)
    const mesh = new Mesh(new BoxGeometry(1, 1, 1), this.material(bytes, grid, colours, density))
    place(mesh, grid.box)
    mesh.onBeforeRender = (_renderer, _scene, camera) => {
      // From within there are no fronts: the far sides are drawn, over everything.
      const inside = mesh.worldToLocal(eye.setFromMatrixPosition(camera.matrixWorld)).toArray().every((v) => Math.abs(v) < 0.505)
      mesh.material.side = inside ? BackSide : FrontSide
      mesh.material.depthTest = !inside
    }
    this.show(id, mesh, 6)
  }

  private material(bytes: Uint8Array<ArrayBuffer>, { box, size }: SpaceGrid, colours: DataTexture, density: number): ShaderMaterial {
    const values = smooth(new Data3DTexture(bytes, ...size))
    values.format = RGFormat
    values.type = UnsignedByteType
    values.unpackAlignment = 1
    values.wrapR = values.wrapS
    const [x0, y0, z0, x1, y1, z1] = box
    const { uCuts, uCutCount } = this.host.shared
    return new ShaderMaterial({
      uniforms: {
        uValues: { value: values },
        uRamp: { value: colours },
        uSteps: { value: colours.image.width },
        uDensity: { value: density },
        uLow: { value: new Vector3(x0, z0, -y1) },
        uHigh: { value: new Vector3(x1, z1, -y0) },
        uCuts,
        uCutCount,
      },
      vertexShader: 'varying vec3 vWorld; void main() { vec4 w = modelMatrix * vec4( position, 1.0 ); vWorld = w.xyz; gl_Position = projectionMatrix * viewMatrix * w; }',
      fragmentShader: MARCH,
      transparent: true,
      depthWrite: false,
      premultipliedAlpha: true,
      toneMapped: false,
    })
  }
}

const eye = new Vector3()

function place(mesh: Mesh, [x0, y0, z0, x1, y1, z1]: Box): void {
  mesh.position.set((x0 + x1) / 2, (z0 + z1) / 2, -(y0 + y1) / 2)
  mesh.scale.set(x1 - x0 + 2 * ROOM, z1 - z0 + 2 * ROOM, y1 - y0 + 2 * ROOM)
}

/** From where the ray enters the box to where it leaves it, front to back; what a section cuts away is passed. */
const MARCH = /* glsl */ `
precision highp sampler3D;
uniform sampler3D uValues;
uniform sampler2D uRamp;
uniform float uSteps;
uniform float uDensity;
uniform vec3 uLow;
uniform vec3 uHigh;
uniform vec4 uCuts[ ${MAX_CUTS} ];
uniform int uCutCount;
varying vec3 vWorld;
bool cut( vec3 p ) {
  for ( int i = 0; i < ${MAX_CUTS}; i ++ ) {
    if ( i >= uCutCount ) break;
    if ( dot( uCuts[ i ].xyz, p ) > uCuts[ i ].w ) return true;
  }
  return false;
}
void main() {
  vec3 ray = normalize( vWorld - cameraPosition );
  vec3 a = ( uLow - cameraPosition ) / ray;
  vec3 b = ( uHigh - cameraPosition ) / ray;
  vec3 near = min( a, b );
  vec3 far = max( a, b );
  float from = max( max( near.x, near.y ), max( near.z, 0.0 ) );
  float to = min( far.x, min( far.y, far.z ) );
  if ( to <= from ) discard;
  float step = ( to - from ) / float( ${STEPS} );
  // The same for a metre, however the steps fall.
  float share = 1.0 - pow( 1.0 - uDensity, step );
  vec4 sum = vec4( 0.0 );
  for ( int i = 0; i < ${STEPS}; i ++ ) {
    vec3 p = cameraPosition + ray * ( from + ( float( i ) + 0.5 ) * step );
    if ( cut( p ) ) continue;
    vec3 at = ( p - uLow ) / ( uHigh - uLow );
    // Rows run northwards, which is against z.
    vec2 v = texture( uValues, vec3( at.x, 1.0 - at.z, at.y ) ).rg;
    if ( v.g < 0.02 ) continue;
    float place = ( 0.5 + clamp( v.r / v.g, 0.0, 1.0 ) * ( uSteps - 1.0 ) ) / uSteps;
    float alpha = share * v.g * ( 1.0 - sum.a );
    sum += vec4( texture2D( uRamp, vec2( place, 0.5 ) ).rgb * alpha, alpha );
    if ( sum.a > 0.98 ) break;
  }
  if ( sum.a < 0.004 ) discard;
  gl_FragColor = sum;
}`
