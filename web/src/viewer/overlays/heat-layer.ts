import { DataTexture, DoubleSide, Mesh, PlaneGeometry, Ray, RGFormat, ShaderMaterial, UnsignedByteType, Vector3 } from 'three'
import type { BufferAttribute } from 'three'
import { fieldBytes } from './field'
import type { FieldGrid } from './field'
import { FieldMeshes, rampTexture, smooth } from './field-meshes'

export interface HeatField {
  id: string
  grid: FieldGrid
  /** Level of the field, metres; `ground` drapes it over terrain and roads. */
  at: number | 'ground'
  low: number
  high: number
  /** Colours from low to high, 0xRRGGBB; they reach the screen unchanged. */
  ramp: readonly number[]
  /** Default 0.75. */
  opacity?: number
}

/** Corners a side of a draped field. */
const DRAPE = 48
/** Above ground or floor, metres: less would flicker. */
const LIFT = 0.12

/** Coloured fields of values on the ground or on a storey. */
export class HeatLayer extends FieldMeshes<PlaneGeometry> {
  /** Show a field, or show it anew. Throws where its values do not fit its size or range. */
  set(field: HeatField): void {
    const colours = rampTexture(field.id, field.ramp)
    const bytes = fieldBytes(field.grid, field.low, field.high)
    this.show(field.id, new Mesh(this.geometry(field), material(field, bytes, colours)), 3)
  }

  private geometry({ grid, at }: HeatField): PlaneGeometry {
    const [x0, y0, x1, y1] = grid.extent
    const steps = at === 'ground' ? DRAPE : 1
    const geometry = new PlaneGeometry(1, 1, steps, steps)
    const position = geometry.attributes.position as BufferAttribute
    const uv = geometry.attributes.uv as BufferAttribute
    const ray = new Ray(new Vector3(), new Vector3(0, -1, 0))
    let last: number | null = null
    for (let i = 0; i < position.count; i++) {
      const x = x0 + uv.getX(i) * (x1 - x0)
      const z = -(y0 + uv.getY(i) * (y1 - y0))
      let level = at === 'ground' ? last ?? this.host.stage.ground.mesh.position.y : at
      if (at === 'ground') {
        ray.origin.set(x, 2000, z)
        // Off the terrain the last known level goes on.
        const hit = this.host.sight.cast(ray, 4000, { ground: true, ghosts: true })
        if (hit) level = last = hit.point.y
      }
      position.setXYZ(i, x, level + LIFT, z)
    }
    return geometry
  }
}

function material({ grid, ramp, opacity = 0.75 }: HeatField, bytes: Uint8Array<ArrayBuffer>, colours: DataTexture): ShaderMaterial {
  const values = smooth(new DataTexture(bytes, grid.columns, grid.rows, RGFormat, UnsignedByteType))
  values.unpackAlignment = 1
  return new ShaderMaterial({
    uniforms: { uValues: { value: values }, uRamp: { value: colours }, uOpacity: { value: opacity }, uSteps: { value: ramp.length } },
    vertexShader: 'varying vec2 vUv; void main() { vUv = uv; gl_Position = projectionMatrix * modelViewMatrix * vec4( position, 1.0 ); }',
    fragmentShader: /* glsl */ `
      uniform sampler2D uValues;
      uniform sampler2D uRamp;
      uniform float uOpacity;
      uniform float uSteps;
      varying vec2 vUv;
      void main() {
        vec2 v = texture2D( uValues, vUv ).rg;
        if ( v.g < 0.02 ) discard;
        // From the middle of the first colour to the middle of the last.
        float at = ( 0.5 + clamp( v.r / v.g, 0.0, 1.0 ) * ( uSteps - 1.0 ) ) / uSteps;
        gl_FragColor = vec4( texture2D( uRamp, vec2( at, 0.5 ) ).rgb, uOpacity * smoothstep( 0.0, 0.6, v.g ) );
      }`,
    transparent: true,
    depthWrite: false,
    side: DoubleSide,
    polygonOffset: true,
    polygonOffsetFactor: -2,
    polygonOffsetUnits: -8,
    toneMapped: false,
  })
}
