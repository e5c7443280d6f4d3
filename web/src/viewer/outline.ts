import { Camera, Color, Mesh, PlaneGeometry, Scene, ShaderMaterial, UnsignedByteType, Vector2, WebGLRenderTarget } from 'three'
import type { Material, PerspectiveCamera, WebGLRenderer } from 'three'
import type { TileMesh } from './tile-content'

/**
 * The outline of what is selected (2 px, accent) and highlighted (1 px): a mask of those meshes alone, then its border on
 * top of the picture, so that it is seen through walls as well. Costs nothing while nothing is selected.
 */
export class Outline {
  private target: WebGLRenderTarget | null = null
  private readonly scene = new Scene()
  private readonly flat = new Camera()
  private readonly material: ShaderMaterial
  private readonly clear = new Color()

  constructor(private readonly mask: Material) {
    this.material = new ShaderMaterial({
      uniforms: { uMask: { value: null }, uTexel: { value: new Vector2() }, uColour: { value: new Color() }, uWidth: { value: 1.5 } },
      vertexShader: 'varying vec2 vUv; void main() { vUv = uv; gl_Position = vec4( position.xy, 0.0, 1.0 ); }',
      fragmentShader: /* glsl */ `
        uniform sampler2D uMask;
        uniform vec2 uTexel;
        uniform vec3 uColour;
        uniform float uWidth;
        varying vec2 vUv;
        void main() {
          vec2 inside = texture2D( uMask, vUv ).rg;
          vec2 around = vec2( 0.0 );
          for ( int i = 0; i < 12; i ++ ) {
            float a = float( i ) * 0.5235988;
            around += texture2D( uMask, vUv + uTexel * uWidth * vec2( cos( a ), sin( a ) ) ).rg;
          }
          around /= 12.0;
          float selected = smoothstep( 0.05, 0.4, around.r ) * ( 1.0 - inside.r );
          float lit = smoothstep( 0.05, 0.5, around.g ) * ( 1.0 - inside.g ) * 0.75;
          float alpha = max( selected, lit );
          if ( alpha < 0.01 ) discard;
          gl_FragColor = vec4( uColour, alpha );
        }`,
      transparent: true,
      depthTest: false,
      depthWrite: false,
      toneMapped: false,
    })
    const quad = new Mesh(new PlaneGeometry(2, 2), this.material)
    quad.frustumCulled = false
    this.scene.add(quad)
  }

  /** The accent as 0xRRGGBB; reaches the screen unchanged. */
  setColour(hex: number): void {
    const colour = this.material.uniforms.uColour as { value: Color }
    colour.value.setRGB(((hex >> 16) & 255) / 255, ((hex >> 8) & 255) / 255, (hex & 255) / 255)
  }

  /**
   * Draw over the pane whose viewport (CSS pixels, left, bottom, width, height) is set on the renderer. `meshes` are those that
   * contain selected or highlighted objects; `scale` widens the line of a larger picture.
   */
  render(renderer: WebGLRenderer, camera: PerspectiveCamera, meshes: readonly TileMesh[], viewport: readonly [number, number, number, number], scale = 1): void {
    const ratio = renderer.getPixelRatio()
    const width = Math.max(1, Math.round(viewport[2] * ratio))
    const height = Math.max(1, Math.round(viewport[3] * ratio))
    if (this.target?.width !== width || this.target.height !== height) {
      this.target?.dispose()
      this.target = new WebGLRenderTarget(width, height, { depthBuffer: false, type: UnsignedByteType })
    }
    const alpha = renderer.getClearAlpha()
    renderer.getClearColor(this.clear)
    renderer.setRenderTarget(this.target)
    renderer.setClearColor(0x000000, 0)
    renderer.clear(true, false, false)
    const stage = new Scene()
    stage.matrixWorldAutoUpdate = false
    const parents = meshes.map(({ mesh }) => [mesh, mesh.material] as const)
    // Meshes are drawn where they stand: a scene that only lists them, so nothing is re-parented.
    stage.children = meshes.map(({ mesh }) => mesh)
    for (const { mesh } of meshes) mesh.material = this.mask
    renderer.render(stage, camera)
    for (const [mesh, material] of parents) mesh.material = material
    stage.children = []
    renderer.setRenderTarget(null)
    renderer.setClearColor(this.clear, alpha)
    const uniforms = this.material.uniforms as { uMask: { value: unknown }; uTexel: { value: Vector2 }; uWidth: { value: number } }
    uniforms.uMask.value = this.target.texture
    uniforms.uTexel.value.set(1 / width, 1 / height)
    uniforms.uWidth.value = Math.max(1.5, 2 * ratio * scale)
    renderer.render(this.scene, this.flat)
  }

  dispose(): void {
    this.target?.dispose()
    this.material.dispose()
  }
}
