/**
 * All shader edits of the viewer stand here, so that a change of three.js, or a move to node materials, touches one file.
 *
 * A vertex carries `stateIndex` = ± (base + ordinal). Negative (−index − 1) marks *volumes* (spaces, zones): they are
 * drawn only while they carry a colour, a highlight or a selection, and then as a veil. The texel is read once a vertex; what
 * follows from it is handed on flat.
 *
 * State colours keep their value: they replace the lit and tone-mapped colour and are only shaded by a factor between
 * `SHADE_MIN` (turned away from all light) and 1 (lit), so a fully lit face has exactly the colour of the legend
 * in sRGB. Fog takes them back half as much as the stage.
 */
import type { Material, WebGLProgramParametersWithUniforms } from 'three'
import { COLOURED, GHOST, HIDDEN, HIGHLIGHT, KEPT, PULSE, ROW, SELECTED } from './state-flags'
import { MAX_CUTS } from './shared-uniforms'
import type { SharedUniforms } from './shared-uniforms'

/** What a patched material draws. */
export type Role =
  /** Lit faces of buildings and things. */
  | 'solid'
  /** Terrain, roads, lawns: not cut by sections, pale instead of ghostly while something is isolated. */
  | 'ground'
  /** Lit, see-through faces. */
  | 'glass'
  /** Baked edge lines. */
  | 'edge'
  /** Shadow casters. */
  | 'depth'
  /** Selected and highlighted things for the outline pass: red = selected, green = highlighted. */
  | 'mask'

/** Darkest shade of a state colour by day; by night 0.85. */
const SHADE_MIN = 0.72
/** Metres from the eye over which edge lines fade away. */
export const EDGE_END = 320
const EDGE_FADE = 60
/** Share of pixels that a ghost keeps, in sixteenths. */
const GHOST_SIXTEENTHS = 3

/** What a vertex hands on. All that depends on the object alone is worked out here: a pixel costs more often than a vertex. */
const varyings = /* glsl */ `
#if defined( PARK_SOLID ) || defined( PARK_GROUND ) || defined( PARK_GLASS )
	#define PARK_LIT
#endif
/** rgb: the state's colour, linear; a: 1 where the object has one. */
flat varying vec4 vState;
/** Highlight, selection and pulse: colour · a + rgb. */
flat varying vec4 vTint;
#ifdef PARK_LIT
	/** Cosines of the normal to the sun and to the zenith. */
	varying vec2 vLight;
#endif
#ifdef PARK_GLASS
	flat varying float vSeed;
#endif
#if defined( PARK_SPARSE ) || defined( PARK_GLASS )
	flat varying int vFlags;
	bool parkIs( int bit ) { return ( vFlags & bit ) != 0; }
#endif
#ifdef PARK_SPARSE
	flat varying float vKeep;
#endif
#if defined( PARK_CUTS ) || ( defined( PARK_SPARSE ) && defined( PARK_GROUND ) )
	#define PARK_PLACE
	varying vec3 vPark;
#endif
`

const vertexHead = /* glsl */ `
attribute float stateIndex;
uniform highp sampler2D uState;
uniform highp sampler2D uExtra;
uniform int uPaneBit;
uniform int uHasExtra;
uniform float uLevelGap;
uniform int uIsolating;
uniform float uPulse;
uniform vec3 uAccent;
${varyings}
#ifdef PARK_LIT
	#include <lights_pars_begin>
#endif
vec3 parkLinear( vec3 c ) {
	return mix( pow( c * 0.9478672986 + vec3( 0.0521327014 ), vec3( 2.4 ) ), c * 0.0773993808, vec3( lessThanEqual( c, vec3( 0.04045 ) ) ) );
}
vec4 parkOver( vec4 tint, vec3 colour, float share ) { return vec4( mix( tint.rgb, colour, share ), tint.a * ( 1.0 - share ) ); }
float parkLift = 0.0;
`

const vertexBody = /* glsl */ `
bool parkVolume = stateIndex < 0.0;
int parkIndex = int( ( parkVolume ? - stateIndex - 1.0 : stateIndex ) + 0.5 );
ivec2 parkTexel = ivec2( parkIndex % ${ROW}, parkIndex / ${ROW} );
vec4 parkState = texelFetch( uState, parkTexel, 0 );
int parkFlags = int( parkState.a * 255.0 + 0.5 );
bool parkGhost = ( parkFlags & ${GHOST} ) != 0;
#if defined( PARK_GROUND ) || defined( PARK_PALE )
	bool parkPale = uIsolating == 1 && ( parkFlags & ${KEPT} ) == 0;
	parkGhost = parkGhost || ( uIsolating == 2 && ( parkFlags & ${KEPT} ) == 0 );
#else
	bool parkPale = false;
	parkGhost = parkGhost || ( uIsolating != 0 && ( parkFlags & ${KEPT} ) == 0 );
#endif
bool parkHidden = ( parkFlags & ${HIDDEN} ) != 0;
float parkKeep = parkGhost ? ${GHOST_SIXTEENTHS}.0 : 16.0;
if ( uPaneBit != 0 || uHasExtra != 0 ) {
	ivec4 parkExtra = ivec4( texelFetch( uExtra, parkTexel, 0 ) * 255.0 + 0.5 );
	parkHidden = parkHidden || ( parkExtra.r & uPaneBit ) != 0;
	parkLift = float( parkExtra.g > 127 ? parkExtra.g - 256 : parkExtra.g ) * uLevelGap;
	parkKeep = min( parkKeep, 16.0 * ( 1.0 - float( parkExtra.b ) / 255.0 ) );
}
parkHidden = parkHidden || ( parkVolume && ( ( parkFlags & ${COLOURED | HIGHLIGHT | SELECTED | PULSE} ) == 0 || parkGhost ) );
#ifdef PARK_DEPTH
	parkHidden = parkHidden || parkVolume || parkKeep < 8.0;
#endif
#ifdef PARK_MASK
	parkHidden = parkHidden || ( parkFlags & ${SELECTED | HIGHLIGHT} ) == 0;
#endif
bool parkHasColour = ( parkFlags & ${COLOURED} ) != 0;
vState = vec4( parkLinear( parkState.rgb ), parkHasColour ? 1.0 : 0.0 );
vTint = vec4( 0.0, 0.0, 0.0, 1.0 );
#ifdef PARK_LIT
	if ( ( parkFlags & ${HIGHLIGHT} ) != 0 ) vTint = parkOver( vTint, uAccent, parkHasColour ? 0.2 : 0.45 );
	if ( ( parkFlags & ${SELECTED} ) != 0 && ! parkHasColour ) vTint = parkOver( vTint, uAccent, 0.3 );
	if ( ( parkFlags & ${PULSE} ) != 0 ) vTint = parkOver( vTint, vec3( 1.0 ), 0.55 * uPulse );
	#ifdef FLAT_SHADED
		vLight = vec2( 0.0 );
	#else
		vLight = vec2( dot( vNormal, directionalLights[ 0 ].direction ), dot( vNormal, hemisphereLights[ 0 ].direction ) );
	#endif
#endif
#ifdef PARK_EDGE
	// rgb and strength of what replaces the line's own colour; the line's own keeps the share a of its strength.
	vEdgeAlpha = parkKeep < 16.0 ? ( parkGhost ? 0.35 : parkKeep / 16.0 ) : 1.0;
	if ( ( parkFlags & ${SELECTED | HIGHLIGHT} ) != 0 ) vTint = vec4( uAccent, - 0.95 );
	if ( parkVolume && parkHasColour ) vTint = vec4( vState.rgb, - 0.8 );
	vEdgeFade = 1.0 - smoothstep( ${EDGE_FADE}.0, ${EDGE_END}.0, - mvPosition.z );
#endif
#ifdef PARK_MASK
	vTint = vec4( ( parkFlags & ${SELECTED} ) != 0 ? 1.0 : 0.0, ( parkFlags & ${HIGHLIGHT} ) != 0 ? 1.0 : 0.0, 0.0, 1.0 );
#endif
#ifdef PARK_GLASS
	vSeed = fract( sin( float( parkIndex ) * 12.9898 ) * 43758.5453 );
#endif
#if defined( PARK_SPARSE ) || defined( PARK_GLASS )
	vFlags = ( parkGhost ? ${GHOST} : 0 ) | ( parkVolume ? ${HIDDEN} : 0 ) | ( parkPale ? ${KEPT} : 0 );
#endif
#ifdef PARK_SPARSE
	vKeep = parkKeep;
#endif
#ifdef PARK_PLACE
	vec4 parkPosition = vec4( transformed, 1.0 );
	#ifdef USE_INSTANCING
		parkPosition = instanceMatrix * parkPosition;
	#endif
	vPark = ( modelMatrix * parkPosition ).xyz;
#endif
if ( parkLift != 0.0 ) {
	mvPosition.xyz += parkLift * viewMatrix[ 1 ].xyz;
	gl_Position = projectionMatrix * mvPosition;
}
if ( parkHidden ) gl_Position = vec4( 0.0, 0.0, - 2.0, 1.0 );
`

/** Shadows fall on what is lifted where it is drawn. */
const vertexShadow = /* glsl */ `
#ifdef USE_SHADOWMAP
	worldPosition.y += parkLift;
#endif
`

/** Whether a point of the ground lies where it is cut open. */
export const pitTest = /* glsl */ `
bool parkInPit( vec2 at ) { return all( greaterThan( at, uPit.xy ) ) && all( lessThan( at, uPit.zw ) ); }
`

const fragmentHead = /* glsl */ `
uniform vec4 uCuts[ ${MAX_CUTS} ];
uniform int uCutCount;
uniform float uNight;
uniform vec3 uSky;
uniform float uGroundKeep;
uniform vec4 uPit;
${varyings}
float parkBayer() {
	ivec2 p = ivec2( gl_FragCoord.xy ) & 3;
	int x = p.x ^ p.y;
	return float( ( ( x & 1 ) << 3 ) | ( ( p.y & 1 ) << 2 ) | ( x & 2 ) | ( ( p.y & 2 ) >> 1 ) );
}
#ifdef PARK_CUTS
void parkCut() {
	for ( int i = 0; i < ${MAX_CUTS}; i ++ ) {
		if ( i >= uCutCount ) break;
		if ( dot( uCuts[ i ].xyz, vPark ) > uCuts[ i ].w ) discard;
	}
}
// Lines on the fill of a cut, 0 … 1: they lie in the plane that cuts, in a way and at an angle of the material's colour. What is seen of a
// filled body is the inside of its far faces; the fill itself is where the ray leaves the last plane that it crosses.
float parkHatch( vec3 base ) {
	vec3 ray = vPark - cameraPosition;
	float at = 0.0;
	vec3 normal = vec3( 0.0, 1.0, 0.0 );
	for ( int i = 0; i < ${MAX_CUTS}; i ++ ) {
		if ( i >= uCutCount ) break;
		float along = dot( uCuts[ i ].xyz, ray );
		float enters = ( uCuts[ i ].w - dot( uCuts[ i ].xyz, cameraPosition ) ) / ( abs( along ) > 1e-6 ? along : 1e-6 );
		if ( along < 0.0 && enters > at && enters <= 1.0001 ) { at = enters; normal = uCuts[ i ].xyz; }
	}
	vec3 p = cameraPosition + ray * at;
	vec3 u = normalize( abs( normal.y ) > 0.9 ? vec3( 1.0, 0.0, 0.0 ) : vec3( normal.z, 0.0, - normal.x ) );
	vec2 q = vec2( dot( p, u ), dot( p, cross( normal, u ) ) );
	float kind = floor( fract( dot( base, vec3( 7.3, 13.7, 29.1 ) ) ) * 4.0 );
	// About as dense on the screen from near and far, in steps of two.
	float gap = exp2( floor( log2( max( length( ray ) * at, 0.5 ) * 0.012 ) ) );
	float a = kind < 1.0 ? q.x + q.y : kind < 2.0 ? q.x - q.y : q.y * 1.414;
	float b = kind < 3.0 ? 1e9 : q.x - q.y;
	vec2 t = abs( fract( vec2( a, kind < 3.0 ? 0.0 : b ) / gap ) - 0.5 );
	vec2 edge = fwidth( vec2( a, kind < 3.0 ? 0.0 : b ) / gap ) + 1e-4;
	vec2 line = 1.0 - smoothstep( vec2( 0.07 ), vec2( 0.07 ) + edge, vec2( 0.5 ) - t );
	return max( line.x, kind < 3.0 ? 0.0 : line.y ) * ( 1.0 - smoothstep( 0.3, 0.7, edge.x ) );
}
#endif
${pitTest}
`

/**
 * Discards, at the top of main(). A shader that may discard makes the card give up its early depth test, so the common picture
 * (nothing a ghost, nothing faded, the ground whole, no section) is drawn by programs without any.
 */
const fragmentDiscard = /* glsl */ `
#if defined( PARK_CUTS ) && ! defined( PARK_GROUND )
	parkCut();
#endif
#ifdef PARK_SPARSE
	#ifdef PARK_GROUND
		if ( parkInPit( vPark.xz ) || parkBayer() >= 16.0 * uGroundKeep ) discard;
	#endif
	#ifndef PARK_EDGE
		if ( vKeep < 16.0 && parkBayer() >= vKeep ) discard;
	#endif
	#ifndef PARK_GLASS
		if ( parkIs( ${HIDDEN} ) && parkBayer() >= 8.0 ) discard;
	#endif
#endif
`

/** Before the lights: a coloured face is lit as white, its light becomes the shade. */
const fragmentAlbedo = /* glsl */ `
#ifdef PARK_PALE
	diffuseColor.rgb = mix( diffuseColor.rgb, vec3( 0.78 ), 0.7 );
#endif
vec3 parkBase = diffuseColor.rgb;
bool parkColoured = vState.a > 0.5;
bool parkCap = false;
#if defined( PARK_CUTS ) && ! defined( PARK_GROUND )
	parkCap = ! gl_FrontFacing;
#endif
diffuseColor.rgb = mix( diffuseColor.rgb, vec3( 1.0 ), vState.a );
`

/**
 * Shadow of one of the sun's two maps, by number. Faces without normals get theirs from the picture, too late for three.js to move the place
 * where it looks for shadow along them.
 */
const shadowHead = /* glsl */ `
#if defined( USE_SHADOWMAP ) && NUM_DIR_LIGHT_SHADOWS > 1
	#ifdef FLAT_SHADED
		uniform mat4 directionalShadowMatrix[ NUM_DIR_LIGHT_SHADOWS ];
		#define PARK_SHADOW_AT( i ) ( vDirectionalShadowCoord[ i ] + directionalShadowMatrix[ i ] * vec4( parkOut * directionalLightShadows[ i ].shadowNormalBias, 0.0 ) )
	#else
		#define PARK_SHADOW_AT( i ) vDirectionalShadowCoord[ i ]
	#endif
	#define PARK_SHADOW( i, at ) getShadow( directionalShadowMap[ i ], directionalLightShadows[ i ].shadowMapSize, directionalLightShadows[ i ].shadowIntensity, directionalLightShadows[ i ].shadowBias, directionalLightShadows[ i ].shadowRadius, at )
#endif
`

/**
 * One sun and one sky, by the cosines that the vertices hand on; a face that turns away from the sun asks for no shadow. The sun has two
 * maps: a sharp one around what is looked at, and one of all the rest.
 */
const fragmentLights = /* glsl */ `
#if defined( FLAT_SHADED ) || defined( PARK_DISC )
	vec2 parkTurn = vec2( dot( normal, directionalLights[ 0 ].direction ), dot( normal, hemisphereLights[ 0 ].direction ) );
#elif defined( DOUBLE_SIDED )
	vec2 parkTurn = vLight * faceDirection;
#else
	vec2 parkTurn = vLight;
#endif
vec3 parkSun = max( 0.0, parkTurn.x ) * directionalLights[ 0 ].color;
#if defined( USE_SHADOWMAP ) && NUM_DIR_LIGHT_SHADOWS > 1
	if ( receiveShadow && parkTurn.x > 0.0 ) {
		#ifdef FLAT_SHADED
			vec3 parkOut = ( vec4( normal, 0.0 ) * viewMatrix ).xyz;
		#endif
		vec4 parkNear = PARK_SHADOW_AT( 0 );
		bool parkInNear = all( lessThan( abs( parkNear.xy - 0.5 ), vec2( 0.498 ) ) );
		parkSun *= parkInNear ? PARK_SHADOW( 0, parkNear ) : PARK_SHADOW( 1, PARK_SHADOW_AT( 1 ) );
	}
#endif
vec3 parkSky = ambientLightColor + mix( hemisphereLights[ 0 ].groundColor, hemisphereLights[ 0 ].skyColor, 0.5 + 0.5 * parkTurn.y );
reflectedLight.directDiffuse = parkSun * BRDF_Lambert( diffuseColor.rgb );
reflectedLight.indirectDiffuse = parkSky * BRDF_Lambert( diffuseColor.rgb );
`

/** Let a Lambert fragment shader be lit by one sun and one sky; without `vLight` it must define PARK_DISC. */
export function patchLights(fragment: string): string {
  let patched = insert(insert(fragment, 'shadowmap_pars_fragment', shadowHead, 'after'), 'lights_fragment_begin', fragmentLights, 'instead')
  for (const chunk of ['lights_fragment_maps', 'lights_fragment_end']) patched = insert(patched, chunk, '', 'instead')
  return patched
}

/** Occlusion takes from the light of the sky, not from the sun's. */
const fragmentOcclusion = /* glsl */ `
#ifdef PARK_OCCLUSION
	float parkOpen = texture2D( uOcclusion, ( gl_FragCoord.xy - uOcclusionFrame.xy ) * uOcclusionFrame.zw ).r;
	reflectedLight.indirectDiffuse *= parkOpen;
	reflectedLight.directDiffuse *= mix( 1.0, parkOpen, 0.35 );
#endif
`
const occlusionHead = /* glsl */ `
#ifdef PARK_OCCLUSION
	uniform sampler2D uOcclusion;
	uniform vec4 uOcclusionFrame;
#endif
`

/** Give the light of the sky its occlusion in any lit material, also one that draws no objects. */
export function patchOcclusion(shader: WebGLProgramParametersWithUniforms, shared: SharedUniforms): void {
  shader.uniforms.uOcclusion = shared.uOcclusion
  shader.uniforms.uOcclusionFrame = shared.uOcclusionFrame
  shader.fragmentShader = insert(insert(shader.fragmentShader, 'common', occlusionHead, 'after'), 'aomap_fragment', fragmentOcclusion, 'instead')
}

/** After tone mapping, still linear: the state has the last word. */
const fragmentState = /* glsl */ `
#ifdef PARK_GLASS
	float parkFresnel = pow( 1.0 - abs( dot( normalize( vViewPosition ), normal ) ), 3.0 );
	gl_FragColor.rgb = mix( gl_FragColor.rgb, uSky, parkFresnel * 0.55 );
	gl_FragColor.a = mix( gl_FragColor.a, 0.92, parkFresnel );
	float parkLit = uNight * step( 0.62, vSeed );
	gl_FragColor.rgb += parkLit * vec3( 0.85, 0.62, 0.34 ) * ( 0.45 + 0.55 * vSeed );
	gl_FragColor.a = max( gl_FragColor.a, parkLit * 0.85 );
#endif
if ( parkCap ) {
	gl_FragColor.rgb = parkBase * mix( 0.62, 0.3, uNight );
	#if defined( PARK_CUTS ) && ! defined( PARK_GROUND )
		if ( ! parkColoured ) gl_FragColor.rgb *= 1.0 - 0.5 * parkHatch( parkBase );
	#endif
}
if ( parkColoured ) {
	float parkLight = parkCap ? 0.9 : smoothstep( 0.16, 0.8, dot( outgoingLight, vec3( 0.2126, 0.7152, 0.0722 ) ) );
	gl_FragColor.rgb = vState.rgb * mix( mix( ${SHADE_MIN}, 0.85, uNight ), 1.0, parkLight );
	#ifdef PARK_GLASS
		gl_FragColor.a = parkIs( ${HIDDEN} ) ? 0.5 : max( gl_FragColor.a, 0.75 );
	#endif
}
gl_FragColor.rgb = gl_FragColor.rgb * vTint.a + vTint.rgb;
#ifdef PARK_SPARSE
	if ( parkIs( ${GHOST} ) ) gl_FragColor.rgb = mix( gl_FragColor.rgb, vec3( dot( gl_FragColor.rgb, vec3( 0.333 ) ) ), 0.6 );
	if ( parkIs( ${KEPT} ) ) gl_FragColor.rgb = mix( gl_FragColor.rgb, uSky * mix( 1.0, 0.25, uNight ), 0.45 );
#endif
`

const edgeVaryings = /* glsl */ `
flat varying float vEdgeAlpha;
varying float vEdgeFade;
`

const fragmentEdge = /* glsl */ `
gl_FragColor = vTint.a < 0.0 ? vec4( vTint.rgb, - vTint.a ) : vec4( gl_FragColor.rgb, gl_FragColor.a * vEdgeAlpha );
gl_FragColor.a *= vEdgeFade;
`

/** The state's own fog: half of the stage's, so that a legend colour stays itself far away. */
const fragmentFog = /* glsl */ `
#ifdef USE_FOG
	float parkFog = smoothstep( fogNear, fogFar, vFogDepth );
	gl_FragColor.rgb = mix( gl_FragColor.rgb, fogColor, parkFog * ( vState.a > 0.5 ? 0.5 : 1.0 ) );
#endif
`

const DEFINES: Record<Role, Record<string, string>> = {
  solid: { PARK_SOLID: '' },
  ground: { PARK_GROUND: '' },
  glass: { PARK_GLASS: '' },
  edge: { PARK_EDGE: '' },
  depth: { PARK_DEPTH: '' },
  mask: { PARK_MASK: '' },
}

function insert(source: string, chunk: string, text: string, where: 'before' | 'after' | 'instead'): string {
  const mark = `#include <${chunk}>`
  if (!source.includes(mark)) throw new Error(`The shader has no ${mark}: three.js changed and patch-material.ts must follow.`)
  return source.replace(mark, where === 'before' ? `${text}\n${mark}` : where === 'after' ? `${mark}\n${text}` : text)
}

function patch(shader: WebGLProgramParametersWithUniforms, role: Role, shared: SharedUniforms): void {
  Object.assign(shader.uniforms, shared)
  let vertex = insert(shader.vertexShader, 'common', vertexHead, 'after')
  vertex = insert(vertex, 'project_vertex', vertexBody, 'after')
  let fragment = insert(shader.fragmentShader, 'common', fragmentHead, 'after')
  fragment = insert(fragment, 'clipping_planes_fragment', fragmentDiscard, 'before')
  if (role === 'solid' || role === 'ground' || role === 'glass') {
    vertex = insert(vertex, 'worldpos_vertex', vertexShadow, 'after')
    fragment = insert(fragment, 'lights_lambert_fragment', fragmentAlbedo, 'instead')
    fragment = patchLights(fragment)
    fragment = insert(insert(fragment, 'common', occlusionHead, 'after'), 'aomap_fragment', fragmentOcclusion, 'instead')
    fragment = insert(fragment, 'tonemapping_fragment', fragmentState, 'after')
    fragment = insert(fragment, 'fog_fragment', fragmentFog, 'instead')
  } else if (role === 'edge') {
    vertex = insert(vertex, 'common', edgeVaryings, 'after')
    fragment = insert(fragment, 'common', edgeVaryings, 'after')
    fragment = insert(fragment, 'tonemapping_fragment', fragmentEdge, 'after')
    fragment = insert(fragment, 'fog_fragment', fragmentFog, 'instead')
  } else if (role === 'mask') {
    fragment = insert(fragment, 'opaque_fragment', 'gl_FragColor = vTint;', 'instead')
  }
  shader.vertexShader = vertex
  shader.fragmentShader = fragment
}

export interface PatchOptions {
  /** Ambient occlusion is prepared for every picture. */
  occlusion?: boolean
  /** Neighbours: the material's own colour is washed out. */
  pale?: boolean
  /** Pixels may always be left out: of what holds volumes, or is the mask of the chosen. */
  sparse?: boolean
}

function define(material: Material, name: string, active: boolean): void {
  const defines = (material.defines ??= {})
  if (name in defines === active) return
  if (active) defines[name] = ''
  else delete defines[name]
  material.needsUpdate = true
}

/** Let a patched material cut, or stop cutting: a program of its own, so that pictures without a section pay nothing. */
export function setCuts(material: Material, active: boolean): void {
  define(material, 'PARK_CUTS', active)
}

/** Let a material leave pixels out: ghosts, fading, the opened ground. A program of its own as well, see `fragmentDiscard`. */
export function setSparse(material: Material, active: boolean): void {
  define(material, 'PARK_SPARSE', active || material.userData.alwaysSparse === true)
}

/** Let `material` draw by the state of its objects. */
export function patchMaterial<M extends Material>(material: M, role: Role, shared: SharedUniforms, options: PatchOptions = {}): M {
  material.defines = { ...material.defines, ...DEFINES[role] }
  if (options.pale) material.defines.PARK_PALE = ''
  if (options.occlusion) material.defines.PARK_OCCLUSION = ''
  material.userData.alwaysSparse = options.sparse ?? false
  setSparse(material, false)
  material.onBeforeCompile = (shader) => patch(shader, role, shared)
  material.customProgramCacheKey = () => `park-${role}`
  return material
}
