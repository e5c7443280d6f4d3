/** What the contestants of the viewer's race have in common: the same stage, the same view, the same questions. */
export const WIDTH = 1280
export const HEIGHT = 720

/** Eye and target that see the whole box, park metres; `turn` radians around it. */
export function pose([x0, y0, z0, x1, y1, z1], turn = 0) {
  const target = [(x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2]
  const reach = Math.hypot(x1 - x0, y1 - y0, z1 - z0) * 0.95
  const heading = -2.2 + turn
  return { position: [target[0] + reach * 0.8 * Math.cos(heading), target[1] + reach * 0.8 * Math.sin(heading), target[2] + reach * 0.6], target }
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

/**
 * Draw `count` frames around the box, each finished on the card before the next; milliseconds a frame, and those of its JavaScript,
 * which `draw` answers.
 */
export async function spin(count, draw, gl) {
  const frames = []
  const script = []
  for (let i = 0; i < count; i++) {
    await new Promise(requestAnimationFrame)
    const started = performance.now()
    script.push(await draw((i + 1) * 0.02))
    finish(gl)
    frames.push(performance.now() - started)
  }
  return { frames, script }
}
