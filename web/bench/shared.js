/** What the contestants of the viewer's races have in common: the same stage, the same views, the same questions. */
export const WIDTH = 1280
export const HEIGHT = 720
/** Degrees from the lower to the upper edge of the picture. */
export const FIELD = 40

const view = new URLSearchParams(location.search).get('view') ?? 'whole'

/** Eye and target, park metres: all of the box, or from a roof over the corner where it begins; `turn` radians around the target. */
export function pose([x0, y0, z0, x1, y1, z1], turn = 0) {
  const near = view === 'near'
  const target = near ? [x0 + 60, y0 + 40, z0 + 6] : [(x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2]
  const reach = near ? 150 : Math.hypot(x1 - x0, y1 - y0, z1 - z0) * 0.95
  const heading = -2.2 + turn
  const up = near ? 0.3 : 0.6
  return { position: [target[0] + reach * 0.8 * Math.cos(heading), target[1] + reach * 0.8 * Math.sin(heading), target[2] + reach * up], target }
}

/** Park metres to three.js axes. */
export const toThree = ([x, y, z]) => [x, z, -y]

/** Places of the picture that are asked for what is there. */
export function grid() {
  const places = []
  for (let y = 60; y < HEIGHT; y += 60) for (let x = 40; x < WIDTH; x += 80) places.push([x, y])
  return places
}

/** Wait until the card has drawn all that it was given. */
export function finish(gl) {
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4))
}

/** Draw `count` frames around the box, the last one turned by `last`, each finished on the card before the next; milliseconds a frame. */
export async function spin(count, draw, last = 0) {
  const frames = []
  for (let i = 0; i < count; i++) {
    const { calls } = window.meter
    let started = 0
    // Drawn in the frame's own callback, so that the browser counts it as JavaScript of a frame.
    await new Promise((resolve) => {
      requestAnimationFrame(() => {
        started = performance.now()
        resolve(draw(last + (count - 1 - i) * 0.02))
      })
    })
    finish(window.meter.gl)
    if (window.meter.calls === calls) throw new Error('No frame was drawn after the camera moved.')
    frames.push(performance.now() - started)
  }
  return frames
}
