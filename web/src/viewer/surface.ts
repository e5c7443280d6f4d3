import { LinearToneMapping, PCFShadowMap, SRGBColorSpace, WebGLRenderer } from 'three'
import type { ViewerOptions } from './types'
import { detectQuality, pixelRatio, QUALITIES } from './quality'
import type { Quality } from './quality'

/** The drawing surface in the host's container: a WebGL canvas, a 2D canvas above it for measurements, their size. */
export class Surface {
  readonly renderer: WebGLRenderer
  readonly gl: WebGL2RenderingContext
  /** Device pixels a CSS pixel that the picture has at rest. */
  ratio = 0
  readonly canvas: HTMLCanvasElement
  readonly quality: Quality
  private readonly above: HTMLCanvasElement
  private drawing: CanvasRenderingContext2D | null = null
  width = 1
  height = 1
  private readonly observer: ResizeObserver

  constructor(
    private readonly container: HTMLElement,
    options: ViewerOptions,
    onResize: () => void,
  ) {
    const canvas = (this.canvas = document.createElement('canvas'))
    canvas.tabIndex = 0
    // It takes keys of its own: a screen reader must pass them on.
    canvas.setAttribute('role', 'application')
    canvas.setAttribute('aria-label', options.label ?? 'Three-dimensional view of the park')
    // The mark of the focus is drawn inside: outside of the canvas it would be cut off.
    canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;display:block;outline-offset:-3px;touch-action:none'
    const above = (this.above = document.createElement('canvas'))
    above.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none'
    above.setAttribute('aria-hidden', 'true')
    if (getComputedStyle(container).position === 'static') container.style.position = 'relative'
    container.append(canvas, above)
    // Of its final size from the beginning: a drawing buffer that grows is made twice.
    const { clientWidth, clientHeight } = container
    const likely = pixelRatio(clientWidth, clientHeight, globalThis.devicePixelRatio || 1, QUALITIES[options.quality ?? 'high'])
    canvas.width = Math.floor(clientWidth * likely)
    canvas.height = Math.floor(clientHeight * likely)
    const gl = canvas.getContext('webgl2', { antialias: options.quality === undefined || QUALITIES[options.quality].antialias, alpha: false, stencil: false, powerPreference: 'high-performance' })
    if (!gl) {
      canvas.remove()
      above.remove()
      throw new Error('This browser gives no WebGL 2: the 3D stage needs it; turn on hardware acceleration or use a current browser.')
    }
    this.gl = gl
    this.quality = QUALITIES[options.quality ?? detectQuality(gl)]
    const renderer = (this.renderer = new WebGLRenderer({ canvas, context: gl }))
    renderer.autoClear = false
    // Asking for errors waits for every program to be linked: only who looks for errors asks.
    renderer.debug.checkShaderErrors = new URLSearchParams(location.search).has('debug')
    renderer.info.autoReset = false
    renderer.outputColorSpace = SRGBColorSpace
    // Linear, and lights tuned so that white in full sun just reaches white: filmic curves (ACES, AgX) would bend the
    // colours of materials, Khronos neutral makes dark ones gaudy by night.
    renderer.toneMapping = LinearToneMapping
    renderer.shadowMap.enabled = this.quality.shadow > 0
    renderer.shadowMap.type = PCFShadowMap
    renderer.shadowMap.autoUpdate = false
    // Partial uploads ask what the unpacking is set to; unless three.js has set it once, that waits for the whole queue of the card.
    for (const name of [gl.UNPACK_ROW_LENGTH, gl.UNPACK_SKIP_PIXELS, gl.UNPACK_SKIP_ROWS]) renderer.state.pixelStorei(name, 0)
    this.observer = new ResizeObserver(() => {
      if (this.fit()) onResize()
    })
    this.observer.observe(container)
    this.fit()
  }

  /** Follow the container and the pixel budget. Returns whether the size changed. */
  fit(): boolean {
    const width = Math.max(1, this.container.clientWidth)
    const height = Math.max(1, this.container.clientHeight)
    const ratio = pixelRatio(width, height, globalThis.devicePixelRatio || 1, this.quality)
    if (width === this.width && height === this.height && ratio === this.ratio) return false
    this.width = width
    this.height = height
    this.ratio = ratio
    this.resize()
    this.above.width = Math.round(width * ratio)
    this.above.height = Math.round(height * ratio)
    return true
  }

  /** Draw with fewer pixels: `share` of those in a line, 1 for all. The next frame must follow in the same task. */
  setSharpness(share: number): void {
    if (share === this.sharpness) return
    this.sharpness = share
    this.resize()
  }

  private sharpness = 1

  private resize(): void {
    this.renderer.setDrawingBufferSize(this.width, this.height, this.ratio * this.sharpness)
  }

  /** An empty overlay in CSS pixels. */
  clearOverlay(): CanvasRenderingContext2D {
    // A context costs the card's time: it is made when there is something to draw.
    const overlay = (this.drawing ??= this.above.getContext('2d') as CanvasRenderingContext2D)
    overlay.setTransform(1, 0, 0, 1, 0, 0)
    overlay.clearRect(0, 0, this.above.width, this.above.height)
    overlay.setTransform(this.ratio, 0, 0, this.ratio, 0, 0)
    return overlay
  }

  /** PNG of what was just drawn, the overlay included. Must be called in the same task as the drawing. */
  async png(): Promise<Blob> {
    const copy = document.createElement('canvas')
    copy.width = this.canvas.width
    copy.height = this.canvas.height
    const context = copy.getContext('2d') as CanvasRenderingContext2D
    context.drawImage(this.canvas, 0, 0)
    context.drawImage(this.above, 0, 0, copy.width, copy.height)
    return new Promise((resolve, reject) => {
      copy.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser could not make a PNG of the stage.'))), 'image/png')
    })
  }

  dispose(): void {
    this.observer.disconnect()
    this.renderer.dispose()
    this.canvas.remove()
    this.above.remove()
  }
}
