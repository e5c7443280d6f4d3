import type { Fog} from 'three';
import { OrthographicCamera, Vector3, WebGLRenderTarget } from 'three'
import type { Plugin, PluginHost } from '../plugin'
import type { Vec3 } from '../types'

/** Side of the picture from above, pixels. */
const PIXELS = 512
/** Linear light to sRGB bytes: render targets hold linear values. */
const SRGB = Uint8ClampedArray.from({ length: 256 }, (_, i) => {
  const c = i / 255
  return 255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055)
})

interface Window {
  x: number
  y: number
  /** Half the side of what is shown, metres. */
  half: number
}

/**
 * The park from above on a canvas of the host, with what the camera sees; a click goes there. The picture is taken when tiles arrive
 * and kept; only the camera's mark is drawn again while it moves.
 */
export class Minimap implements Plugin {
  private canvas: HTMLCanvasElement | null = null
  private picture: HTMLCanvasElement | null = null
  private window: Window = { x: 0, y: 0, half: 100 }
  private readonly stops: (() => void)[]

  constructor(private readonly host: PluginHost) {
    this.stops = [
      host.on('camera', () => this.draw()),
      host.on('navigation', () => this.draw()),
      host.on('loading', ({ pending }) => {
        if (pending === 0) this.take()
      }),
    ]
  }

  /** Draw on this canvas from now on; null ends it. Its size in pixels is the host's business. */
  attach(canvas: HTMLCanvasElement | null): void {
    this.canvas?.removeEventListener('click', this.onClick)
    this.canvas = canvas
    canvas?.addEventListener('click', this.onClick)
    if (canvas) this.take()
  }

  /** Park x and y at a place of the canvas, as shares of its side from the left top. */
  at(x: number, y: number): [number, number] {
    const { window: w } = this
    return [w.x + (x * 2 - 1) * w.half, w.y + (1 - y * 2) * w.half]
  }

  /** Go and look there, from the direction and distance of now. */
  go(x: number, y: number): Promise<void> {
    const { viewer } = this.host
    const { position, target } = viewer.camera
    const [px, py] = this.at(x, y)
    if (viewer.navigation !== 'orbit') return viewer.setCamera({ position: [px, py, position[2]], target: [px + target[0] - position[0], py + target[1] - position[1], target[2]] })
    const shift: Vec3 = [px - target[0], py - target[1], 0]
    return viewer.setCamera({ position: add(position, shift), target: add(target, shift) })
  }

  dispose(): void {
    for (const stop of this.stops) stop()
    this.attach(null)
  }

  /** Take the picture from above. */
  private take(): void {
    if (!this.canvas) return
    const { surface, scene, layers, stage } = this.host
    const { renderer } = surface
    const size = stage.box.getSize(new Vector3())
    const centre = stage.box.getCenter(new Vector3())
    const half = Math.max(20, Math.max(size.x, size.z) * 0.56)
    this.window = { x: centre.x, y: -centre.z, half }
    const camera = new OrthographicCamera(-half, half, half, -half, 1, 3000)
    camera.layers.enable(1)
    camera.position.set(centre.x, 1500, centre.z)
    camera.up.set(0, 0, -1)
    camera.lookAt(centre.x, 0, centre.z)
    camera.updateMatrixWorld()
    const target = new WebGLRenderTarget(PIXELS, PIXELS)
    const fog = scene.fog as Fog
    const [near, far] = [fog.near, fog.far]
    stage.sky.mesh.visible = false
    ;[fog.near, fog.far] = [1e6, 2e6]
    layers.applyVisibility(this.host.panes.panes[0] ?? null)
    const bytes = new Uint8Array(PIXELS * PIXELS * 4)
    try {
      renderer.setRenderTarget(target)
      renderer.clear()
      renderer.render(scene, camera)
      renderer.readRenderTargetPixels(target, 0, 0, PIXELS, PIXELS, bytes)
    } finally {
      renderer.setRenderTarget(null)
      ;[fog.near, fog.far] = [near, far]
      stage.sky.mesh.visible = true
      target.dispose()
      this.host.invalidate()
    }
    this.picture = document.createElement('canvas')
    this.picture.width = this.picture.height = PIXELS
    const image = new ImageData(PIXELS, PIXELS)
    for (let row = 0; row < PIXELS; row++)
      for (let i = 0; i < PIXELS * 4; i += 4) {
        const from = (PIXELS - 1 - row) * PIXELS * 4 + i
        const to = row * PIXELS * 4 + i
        for (let c = 0; c < 3; c++) image.data[to + c] = SRGB[bytes[from + c] as number] as number
        image.data[to + 3] = 255
      }
    this.picture.getContext('2d')?.putImageData(image, 0, 0)
    this.draw()
  }

  private draw(): void {
    const { canvas, picture, window: w } = this
    const context = canvas?.getContext('2d')
    if (!canvas || !context || !picture) return
    const side = canvas.width
    context.clearRect(0, 0, side, canvas.height)
    context.drawImage(picture, 0, 0, side, canvas.height)
    const place = ([x, y]: readonly number[]): [number, number] => [(((x as number) - w.x) / w.half / 2 + 0.5) * side, (0.5 - ((y as number) - w.y) / w.half / 2) * canvas.height]
    const { position, target } = this.host.viewer.camera
    const heading = Math.atan2(target[0] - position[0], target[1] - position[1])
    const [cx, cy] = place(position)
    const [tx, ty] = place(target)
    const far = Math.max(side * 0.12, Math.hypot(tx - cx, ty - cy))
    const half = Math.atan(Math.tan((this.host.camera.fov * Math.PI) / 360) * (this.host.surface.width / this.host.surface.height))
    context.beginPath()
    context.moveTo(cx, cy)
    for (const a of [heading - half, heading + half]) context.lineTo(cx + Math.sin(a) * far, cy - Math.cos(a) * far)
    context.closePath()
    context.globalAlpha = 0.3
    context.fillStyle = this.host.accent
    context.fill()
    context.globalAlpha = 1
    context.strokeStyle = this.host.accent
    context.lineWidth = 2
    context.stroke()
    context.beginPath()
    context.arc(cx, cy, 5, 0, 2 * Math.PI)
    context.fillStyle = '#FFFFFF'
    context.fill()
    context.stroke()
  }

  private readonly onClick = (event: MouseEvent): void => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect()
    void this.go((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height)
  }
}

function add(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}
