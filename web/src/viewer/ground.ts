import { BufferAttribute, CircleGeometry, Color, Mesh, MeshLambertMaterial } from 'three'
import type { WebGLProgramParametersWithUniforms } from 'three'
import { patchLights, patchOcclusion, pitTest, setSparse } from './patch-material'
import type { SharedUniforms } from './shared-uniforms'

/**
 * The land beyond the data: a wide disc under the park with a faint grid (10 m and 100 m) that fades before it can flicker.
 * It takes shadows, so a park without terrain stands on something.
 */
export class Ground {
  readonly mesh: Mesh<CircleGeometry, MeshLambertMaterial>
  private readonly grid = { value: new Color() }

  constructor(receiveShadow: boolean, occlusion: boolean, shared: SharedUniforms) {
    const material = new MeshLambertMaterial({ polygonOffset: true, polygonOffsetFactor: 4, polygonOffsetUnits: 8 })
    material.defines = { ...material.defines, PARK_DISC: '', ...(occlusion && { PARK_OCCLUSION: '' }) }
    material.onBeforeCompile = (shader: WebGLProgramParametersWithUniforms) => {
      shader.uniforms.uGrid = this.grid
      shader.uniforms.uPit = shared.uPit
      shader.uniforms.uGroundKeep = shared.uGroundKeep
      patchOcclusion(shader, shared)
      shader.fragmentShader = patchLights(shader.fragmentShader)
      shader.vertexShader = shader.vertexShader
        .replace('#include <common>', '#include <common>\nvarying vec3 vGround;')
        .replace('#include <project_vertex>', '#include <project_vertex>\nvGround = vec3( ( modelMatrix * vec4( transformed, 1.0 ) ).xz, - mvPosition.z );')
      shader.fragmentShader = shader.fragmentShader
        .replace(
          '#include <common>',
          /* glsl */ `#include <common>
          varying vec3 vGround;
          uniform vec3 uGrid;
          uniform vec4 uPit;
          uniform float uGroundKeep;
          ${pitTest}
          float groundLine( float step ) {
            vec2 g = vGround.xy / step;
            vec2 w = fwidth( g );
            vec2 d = abs( fract( g - 0.5 ) - 0.5 ) / max( w, vec2( 1e-5 ) );
            return ( 1.0 - min( min( d.x, d.y ), 1.0 ) ) * ( 1.0 - smoothstep( 0.08, 0.35, max( w.x, w.y ) ) );
          }`,
        )
        .replace(
          '#include <color_fragment>',
          'diffuseColor.rgb = mix( diffuseColor.rgb, uGrid, max( 0.35 * groundLine( 10.0 ), 0.75 * groundLine( 100.0 ) ) );',
        )
        // The land beyond opens as a whole: half a disc would hide what stands under it.
        .replace('#include <clipping_planes_fragment>', /* glsl */ `
          #ifdef PARK_SPARSE
            if ( uGroundKeep < 1.0 || parkInPit( vGround.xy ) ) discard;
          #endif
          #include <clipping_planes_fragment>`)
    }
    this.mesh = new Mesh(new CircleGeometry(1, 96), material)
    this.mesh.rotation.x = -Math.PI / 2
    this.mesh.receiveShadow = receiveShadow
    // After what stands on it, so that pixels behind that are not worked out.
    this.mesh.renderOrder = 10
    this.mesh.raycast = () => undefined
  }

  /** Centre in three.js axes, radius and height in metres. */
  place(x: number, z: number, height: number, radius: number): void {
    this.mesh.position.set(x, height, z)
    this.mesh.scale.setScalar(radius)
    this.mesh.updateMatrixWorld(true)
  }

  /** The state index of things that are no objects: the depth pass draws the disc by it. */
  setAnonymous(state: number): void {
    const { geometry } = this.mesh
    const count = geometry.getAttribute('position').count
    geometry.setAttribute('stateIndex', new BufferAttribute(new Float32Array(count).fill(state), 1))
  }

  /** While the ground is opened. */
  setSparse(active: boolean): void {
    setSparse(this.mesh.material, active)
  }

  setColours(ground: Color, grid: Color): void {
    this.mesh.material.color.copy(ground)
    this.grid.value.copy(grid)
  }

  dispose(): void {
    this.mesh.geometry.dispose()
    this.mesh.material.dispose()
  }
}
