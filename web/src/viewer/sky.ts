import { Color, DoubleSide, Mesh, PlaneGeometry, ShaderMaterial, Vector3 } from 'three'

/**
 * The sky: a gradient by the direction of the look, from the horizon's colour (the fog's, so that the far ground melts
 * into it) to the zenith, with a soft glow around the sun. Colours are written as they are, without tone mapping.
 */
export class Sky {
  readonly mesh: Mesh<PlaneGeometry, ShaderMaterial>

  constructor() {
    const material = new ShaderMaterial({
      uniforms: {
        uTop: { value: new Color() },
        uBottom: { value: new Color() },
        uFog: { value: new Color() },
        uSun: { value: new Vector3(0, 1, 0) },
        uGlow: { value: 0 },
      },
      vertexShader: /* glsl */ `
        varying vec3 vDirection;
        void main() {
          vec4 near = inverse( projectionMatrix ) * vec4( position.xy, -1.0, 1.0 );
          vDirection = transpose( mat3( viewMatrix ) ) * ( near.xyz / near.w );
          gl_Position = vec4( position.xy, 1.0, 1.0 );
        }`,
      fragmentShader: /* glsl */ `
        uniform vec3 uTop;
        uniform vec3 uBottom;
        uniform vec3 uFog;
        uniform vec3 uSun;
        uniform float uGlow;
        varying vec3 vDirection;
        void main() {
          vec3 d = normalize( vDirection );
          float h = max( d.y, 0.0 );
          vec3 c = mix( uFog, uBottom, smoothstep( 0.0, 0.06, h ) );
          c = mix( c, uTop, smoothstep( 0.02, 0.55, h ) );
          float s = max( dot( d, uSun ), 0.0 );
          c += uGlow * vec3( 1.0, 0.93, 0.8 ) * ( 0.10 * pow( s, 8.0 ) + 0.25 * pow( s, 180.0 ) );
          float n = fract( sin( dot( gl_FragCoord.xy, vec2( 12.9898, 78.233 ) ) ) * 43758.5453 );
          gl_FragColor = vec4( c + ( n - 0.5 ) / 255.0, 1.0 );
        }`,
      side: DoubleSide,
      // Last of what is solid, at the far end of the depth: only where nothing stands before it.
      depthTest: true,
      depthWrite: false,
      toneMapped: false,
    })
    this.mesh = new Mesh(new PlaneGeometry(2, 2), material)
    this.mesh.frustumCulled = false
    this.mesh.renderOrder = 1000
    this.mesh.raycast = () => undefined
  }

  /** Colours are 0xRRGGBB and reach the screen unchanged. */
  setColours(top: number, bottom: number, fog: number): void {
    const { uTop, uBottom, uFog } = this.mesh.material.uniforms as Record<'uTop' | 'uBottom' | 'uFog', { value: Color }>
    for (const [uniform, hex] of [[uTop, top], [uBottom, bottom], [uFog, fog]] as const)
      uniform.value.setRGB(((hex >> 16) & 255) / 255, ((hex >> 8) & 255) / 255, (hex & 255) / 255)
  }

  setSun(direction: Vector3, glow: number): void {
    const uniforms = this.mesh.material.uniforms as { uSun: { value: Vector3 }; uGlow: { value: number } }
    uniforms.uSun.value.copy(direction)
    uniforms.uGlow.value = glow
  }

  dispose(): void {
    this.mesh.geometry.dispose()
    this.mesh.material.dispose()
  }
}
