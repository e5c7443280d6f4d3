import { Camera, DataTexture, DepthTexture, LinearFilter, Matrix4, Mesh, NearestFilter, PlaneGeometry, RedFormat, Scene, ShaderMaterial, UnsignedByteType, UnsignedIntType, Vector2, WebGLRenderTarget } from 'three'
import type { Material, PerspectiveCamera, WebGLRenderer } from 'three'
import type { SharedUniforms } from './shared-uniforms'

const quadVertex = 'varying vec2 vUv; void main() { vUv = uv; gl_Position = vec4( position.xy, 0.0, 1.0 ); }'

/** Alchemy ambient obscurance (McGuire et al. 2011) from depth alone: 12 taps on a turned spiral. */
const occlusionFragment = /* glsl */ `
uniform sampler2D uDepth;
uniform mat4 uInverse;
uniform vec2 uTexel;
uniform float uRadius;
uniform float uScale;
varying vec2 vUv;
vec3 at( vec2 uv ) {
  vec4 p = uInverse * vec4( vec3( uv, texture2D( uDepth, uv ).r ) * 2.0 - 1.0, 1.0 );
  return p.xyz / p.w;
}
void main() {
  if ( texture2D( uDepth, vUv ).r >= 1.0 ) { gl_FragColor = vec4( 1.0 ); return; }
  vec3 p = at( vUv );
  vec3 l = p - at( vUv - vec2( uTexel.x, 0.0 ) );
  vec3 r = at( vUv + vec2( uTexel.x, 0.0 ) ) - p;
  vec3 d = p - at( vUv - vec2( 0.0, uTexel.y ) );
  vec3 u = at( vUv + vec2( 0.0, uTexel.y ) ) - p;
  vec3 dx = abs( l.z ) < abs( r.z ) ? l : r;
  vec3 dy = abs( d.z ) < abs( u.z ) ? d : u;
  vec3 n = normalize( cross( dx, dy ) );
  float reach = clamp( uRadius * uScale / max( - p.z, 0.1 ), 2.0 * uTexel.y, 0.12 );
  float world = reach * max( - p.z, 0.1 ) / uScale;
  float turn = 6.2831853 * fract( 52.9829189 * fract( dot( gl_FragCoord.xy, vec2( 0.06711056, 0.00583715 ) ) ) );
  float sum = 0.0;
  for ( int i = 0; i < 12; i ++ ) {
    float f = ( float( i ) + 0.5 ) / 12.0;
    float a = turn + float( i ) * 2.3999632;
    vec2 o = reach * sqrt( f ) * vec2( cos( a ) * uTexel.x / uTexel.y, sin( a ) );
    vec3 v = at( vUv + o ) - p;
    float vv = dot( v, v );
    float fade = max( 0.0, 1.0 - vv / ( world * world ) );
    sum += fade * max( 0.0, dot( v, n ) - 0.015 * world ) / ( sqrt( vv ) + 0.05 * world );
  }
  gl_FragColor = vec4( pow( clamp( 1.0 - sum * ( 2.1 / 12.0 ), 0.0, 1.0 ), 1.3 ) );
}`

/** 4 × 4 mean over the pattern of turns, within one surface. */
const blurFragment = /* glsl */ `
uniform sampler2D uOcclusion;
uniform sampler2D uDepth;
uniform vec2 uTexel;
uniform vec2 uNearFar;
varying vec2 vUv;
float distanceAt( vec2 uv ) {
  float z = texture2D( uDepth, uv ).r * 2.0 - 1.0;
  return 2.0 * uNearFar.x * uNearFar.y / ( uNearFar.y + uNearFar.x - z * ( uNearFar.y - uNearFar.x ) );
}
void main() {
  float here = distanceAt( vUv );
  float sum = 0.0;
  float weight = 0.0;
  for ( int y = - 2; y < 2; y ++ ) for ( int x = - 2; x < 2; x ++ ) {
    vec2 uv = vUv + ( vec2( float( x ), float( y ) ) + 0.5 ) * uTexel;
    float w = abs( distanceAt( uv ) - here ) < 0.02 * here + 0.05 ? 1.0 : 0.02;
    sum += w * texture2D( uOcclusion, uv ).r;
    weight += w;
  }
  gl_FragColor = vec4( sum / weight );
}`

/**
 * Ambient occlusion without a second colour buffer: a depth pass at half size, obscurance from it, and the lit materials take
 * it from the light of the sky. So antialiasing, tone mapping and state colours stay as they are.
 */
export class AmbientOcclusion {
  private readonly depth: WebGLRenderTarget
  private readonly raw: WebGLRenderTarget
  private readonly smooth: WebGLRenderTarget
  private readonly open = new DataTexture(new Uint8Array([255]), 1, 1, RedFormat)
  private readonly flat = new Camera()
  private readonly scene = new Scene()
  private readonly quad: Mesh<PlaneGeometry, ShaderMaterial>
  private readonly occlude: ShaderMaterial
  private readonly blur: ShaderMaterial

  constructor(
    private readonly shared: SharedUniforms,
    private readonly depthMaterial: Material,
  ) {
    this.depth = new WebGLRenderTarget(1, 1, { minFilter: NearestFilter, magFilter: NearestFilter, type: UnsignedByteType })
    this.depth.depthTexture = new DepthTexture(1, 1, UnsignedIntType)
    this.open.needsUpdate = true
    const options = { depthBuffer: false, format: RedFormat, type: UnsignedByteType, minFilter: LinearFilter, magFilter: LinearFilter } as const
    this.raw = new WebGLRenderTarget(1, 1, options)
    this.smooth = new WebGLRenderTarget(1, 1, options)
    const common = { vertexShader: quadVertex, depthTest: false, depthWrite: false, toneMapped: false }
    this.occlude = new ShaderMaterial({
      ...common,
      fragmentShader: occlusionFragment,
      uniforms: {
        uDepth: { value: this.depth.depthTexture },
        uInverse: { value: new Matrix4() },
        uTexel: { value: new Vector2() },
        uRadius: { value: 1.6 },
        uScale: { value: 1 },
      },
    })
    this.blur = new ShaderMaterial({
      ...common,
      fragmentShader: blurFragment,
      uniforms: {
        uOcclusion: { value: this.raw.texture },
        uDepth: { value: this.depth.depthTexture },
        uTexel: { value: new Vector2() },
        uNearFar: { value: new Vector2() },
      },
    })
    this.quad = new Mesh(new PlaneGeometry(2, 2), this.occlude)
    this.quad.frustumCulled = false
    this.scene.add(this.quad)
  }

  /** Prepare the occlusion of a pane; `viewport` is left, bottom, width, height in device pixels. */
  prepare(renderer: WebGLRenderer, scene: Scene, camera: PerspectiveCamera, viewport: readonly [number, number, number, number]): void {
    const width = Math.max(1, Math.ceil(viewport[2] / 2))
    const height = Math.max(1, Math.ceil(viewport[3] / 2))
    if (this.depth.width !== width || this.depth.height !== height)
      for (const target of [this.depth, this.raw, this.smooth]) target.setSize(width, height)
    const { background, overrideMaterial } = scene
    const mask = camera.layers.mask
    scene.background = null
    scene.overrideMaterial = this.depthMaterial
    camera.layers.set(0)
    const shadows = renderer.shadowMap.enabled
    renderer.shadowMap.enabled = false
    renderer.setRenderTarget(this.depth)
    renderer.clear()
    renderer.render(scene, camera)
    renderer.shadowMap.enabled = shadows
    scene.background = background
    scene.overrideMaterial = overrideMaterial
    camera.layers.mask = mask

    const a = this.occlude.uniforms as Record<string, { value: unknown }>
    ;(a.uInverse as { value: Matrix4 }).value.copy(camera.projectionMatrixInverse)
    ;(a.uTexel as { value: Vector2 }).value.set(1 / width, 1 / height)
    ;(a.uScale as { value: number }).value = 0.5 / Math.tan((camera.fov * Math.PI) / 360)
    this.pass(renderer, this.occlude, this.raw)
    const b = this.blur.uniforms as Record<string, { value: unknown }>
    ;(b.uTexel as { value: Vector2 }).value.set(1 / width, 1 / height)
    ;(b.uNearFar as { value: Vector2 }).value.set(camera.near, camera.far)
    this.pass(renderer, this.blur, this.smooth)
    renderer.setRenderTarget(null)
    this.shared.uOcclusion.value = this.smooth.texture
    this.shared.uOcclusionFrame.value.set(viewport[0], viewport[1], 1 / viewport[2], 1 / viewport[3])
  }

  /** Nothing is occluded in the next picture. */
  skip(): void {
    this.shared.uOcclusion.value = this.open
  }

  dispose(): void {
    this.open.dispose()
    this.shared.uOcclusionFrame.value.set(0, 0, 0, 0)
    this.depth.depthTexture?.dispose()
    for (const target of [this.depth, this.raw, this.smooth]) target.dispose()
    this.occlude.dispose()
    this.blur.dispose()
    this.quad.geometry.dispose()
  }

  private pass(renderer: WebGLRenderer, material: ShaderMaterial, target: WebGLRenderTarget): void {
    this.quad.material = material
    renderer.setRenderTarget(target)
    renderer.render(this.scene, this.flat)
  }
}
