import { Camera, DoubleSide, DynamicDrawUsage, GLSL3, InstancedBufferAttribute, InstancedBufferGeometry, BufferAttribute, Mesh, Scene, ShaderMaterial, Vector2, Vector3 } from 'three'
import type { PerspectiveCamera, WebGLRenderer } from 'three'
import { toThree } from '../axes'
import type { Insets, Label, Look } from '../types'
import { LABEL_SIZE, LabelAtlas } from './atlas'
import type { Cell } from './atlas'
import { declutter, MARKER, NOTHING } from './declutter'
import type { Spot } from './declutter'
import { KIND_PRIORITY } from './markers'

/** Labels drawn at most; the rest, lowest priority first, is left out. */
export const MAX_LABELS = 1000

/** A part of a larger picture, in its pixels: text is `scale` times as large as on the stage. */
export interface PicturePart {
  whole: readonly [number, number]
  x: number
  y: number
  scale: number
}

const point = new Vector3()

/** All labels as one draw call: quads of pixels at points of the park, over everything else. */
export class LabelLayer {
  private readonly scene = new Scene()
  private readonly flat = new Camera()
  private readonly geometry = new InstancedBufferGeometry()
  private readonly material: ShaderMaterial
  private readonly atlas: LabelAtlas
  private labels: readonly Label[] = []
  private size = LABEL_SIZE
  private cells: (Cell | null)[] = []
  /** The marker alone, for labels without room. */
  private markers: (Cell | null)[] = []
  private spots: Spot[] = []
  private readonly shown = new Uint8Array(MAX_LABELS)
  private readonly place = new InstancedBufferAttribute(new Float32Array(MAX_LABELS * 4), 4)
  private readonly uv = new InstancedBufferAttribute(new Float32Array(MAX_LABELS * 4), 4)

  constructor(
    private readonly container: HTMLElement,
    private readonly wake: () => void,
    private insets?: Insets,
  ) {
    this.atlas = new LabelAtlas(this.family)
    this.material = new ShaderMaterial({
      glslVersion: GLSL3,
      uniforms: { uAtlas: { value: this.atlas.texture }, uSize: { value: new Vector2() } },
      vertexShader: /* glsl */ `
        in vec4 place;
        in vec4 box;
        out vec2 vUv;
        uniform vec2 uSize;
        void main() {
          vec2 pixel = place.xy + position.xy * place.zw;
          vUv = box.xy + position.xy * box.zw;
          gl_Position = vec4( pixel.x / uSize.x * 2.0 - 1.0, 1.0 - pixel.y / uSize.y * 2.0, 0.0, 1.0 );
        }`,
      fragmentShader: /* glsl */ `
        uniform sampler2D uAtlas;
        in vec2 vUv;
        out vec4 colour;
        void main() {
          colour = texelFetch( uAtlas, ivec2( vUv ), 0 );
          if ( colour.a < 0.004 ) discard;
        }`,
      side: DoubleSide,
      transparent: true,
      depthTest: false,
      depthWrite: false,
      toneMapped: false,
    })
    this.geometry.setAttribute('position', new BufferAttribute(new Float32Array([0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0]), 3))
    this.geometry.setIndex([0, 2, 1, 0, 3, 2])
    this.place.setUsage(DynamicDrawUsage)
    this.uv.setUsage(DynamicDrawUsage)
    this.geometry.setAttribute('place', this.place)
    this.geometry.setAttribute('box', this.uv)
    this.geometry.instanceCount = 0
    const mesh = new Mesh(this.geometry, this.material)
    mesh.frustumCulled = false
    this.scene.add(mesh)
    // Fonts that arrive later change every picture.
    document.fonts?.addEventListener('loadingdone', this.redraw)
  }

  set(labels: readonly Label[]): void {
    this.labels =
      labels.length > MAX_LABELS ? [...labels].sort((a, b) => weight(b) - weight(a)).slice(0, MAX_LABELS) : [...labels]
    this.cells = []
    this.wake()
  }

  /** Size of the text, CSS pixels, at least 8. */
  setSize(pixels: number): void {
    this.size = Math.max(8, pixels)
    this.wake()
  }

  /** What the host's panels cover: a label that reaches beneath them is left out, for they may be half transparent. */
  setInsets(insets: Insets): void {
    this.insets = insets
    this.wake()
  }

  get count(): number {
    return this.labels.length
  }

  /**
   * Lay out and draw for one pane of `width` × `height` CSS pixels; the viewport is set already. Of a `part` of a larger picture the room is
   * given out for the whole, so that the parts fit together.
   */
  render(renderer: WebGLRenderer, camera: PerspectiveCamera, width: number, height: number, ratio: number, look: Look, part?: PicturePart): void {
    if (!this.labels.length) return
    if (this.atlas.configure(look, ratio, this.family, this.size * (part?.scale ?? 1)) || !this.cells.length) this.pictures()
    this.layout(camera, width, height, ratio, part)
    const size = this.material.uniforms.uSize as { value: Vector2 }
    size.value.set(width, height)
    renderer.render(this.scene, this.flat)
  }

  /** The label drawn at a point of the last pane that was drawn, CSS pixels inside it. */
  at(x: number, y: number): Label | null {
    let best: Label | null = null
    let most = -Infinity
    this.spots.forEach((s, i) => {
      if (this.shown[i] === NOTHING || s.priority <= most) return
      const whole = this.shown[i] !== MARKER
      const inside = whole ? x >= s.left && x <= s.right && y >= s.top && y <= s.bottom : Math.abs(x - s.x) <= s.half && Math.abs(y - s.y) <= s.half
      if (!inside) return
      best = this.labels[i] ?? null
      most = s.priority
    })
    return best
  }

  dispose(): void {
    document.fonts?.removeEventListener('loadingdone', this.redraw)
    this.geometry.dispose()
    this.material.dispose()
    this.atlas.dispose()
  }

  private get family(): string {
    return getComputedStyle(this.container).fontFamily || 'sans-serif'
  }

  private readonly redraw = (): void => {
    this.atlas.clear()
    this.cells = []
    this.wake()
  }

  private pictures(): void {
    const draw = () => {
      this.markers = this.labels.map((label) => ((label.kind ?? 'place') === 'place' ? null : this.atlas.cell({ ...label, text: '' })))
      return (this.cells = this.labels.map((label) => this.atlas.cell(label)))
    }
    if (draw().includes(null)) {
      // Full of pictures of earlier labels: once more from an empty one.
      this.atlas.clear()
      draw()
    }
    this.spots = this.labels.map((label) => ({ x: 0, y: 0, half: 0, left: 0, right: 0, top: 0, bottom: 0, priority: weight(label), outside: true }))
  }

  private layout(camera: PerspectiveCamera, width: number, height: number, ratio: number, part?: PicturePart): void {
    const [across, down] = part?.whole ?? [width, height]
    const [left, top] = part ? [part.x, part.y] : [0, 0]
    const covered = part ? null : this.insets
    this.labels.forEach((label, i) => {
      const spot = this.spots[i] as Spot
      const cell = this.cells[i]
      toThree(label.position, point).project(camera)
      spot.x = left + (point.x * 0.5 + 0.5) * width
      spot.y = top + (0.5 - point.y * 0.5) * height
      spot.outside = !cell || point.z > 1 || point.z < -1 || spot.x < -cell.width / 2 || spot.y < -cell.height / 2 || spot.x > across + cell.width / 2 || spot.y > down + 1.5 * cell.height
      if (!cell || spot.outside) return
      spot.half = cell.marker / 2
      spot.left = cell.marker ? spot.x - spot.half : spot.x - cell.width / 2
      spot.right = spot.left + cell.width
      spot.top = cell.marker ? spot.y - cell.height / 2 : spot.y - cell.height
      spot.bottom = spot.top + cell.height
      // Below panels no text is drawn; pictures that are saved have none.
      if (covered) spot.outside = beneath(spot, covered, across, down)
    })
    declutter(this.spots, across, this.shown)
    let n = 0
    // Low priority first, so that important ones lie on top.
    const order = Array.from(this.spots.keys()).sort((a, b) => (this.spots[a] as Spot).priority - (this.spots[b] as Spot).priority)
    for (const i of order) {
      const spot = this.spots[i]
      const cell = this.shown[i] === MARKER ? this.markers[i] : this.cells[i]
      if (!cell || !spot || this.shown[i] === NOTHING) continue
      // Whole device pixels: text stays sharp.
      this.place.setXYZW(n, Math.round((spot.left - left) * ratio) / ratio, Math.round((spot.top - top) * ratio) / ratio, cell.pixelWidth / ratio, cell.pixelHeight / ratio)
      this.uv.setXYZW(n, cell.u, cell.v, cell.pixelWidth, cell.pixelHeight)
      n++
    }
    this.geometry.instanceCount = n
    this.place.needsUpdate = true
    this.uv.needsUpdate = true
  }
}

/** Whether a label reaches below what is covered at an edge; the bare edge of the stage covers nothing. */
export function beneath(spot: Pick<Spot, 'left' | 'right' | 'top' | 'bottom'>, covered: Insets, width: number, height: number): boolean {
  const { left, right, top, bottom } = covered
  return (left > 0 && spot.left < left) || (right > 0 && spot.right > width - right) || (top > 0 && spot.top < top) || (bottom > 0 && spot.bottom > height - bottom)
}

function weight(label: Label): number {
  return KIND_PRIORITY[label.kind ?? 'place'] * 1e6 + Math.max(-4e6, Math.min(4e6, label.priority ?? 0))
}
