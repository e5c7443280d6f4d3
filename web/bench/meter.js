/**
 * Put before everything of a contestant's page: counts what it gives WebGL and sees its picture appear. The same for all, so that no
 * contestant is asked about itself. `meter.first` compares small copies of the picture, taken while it grew, with the complete one and
 * with the empty stage.
 */
{
  const ACROSS = 64
  const DOWN = 36
  const NOTICED = 4
  const gl2 = WebGL2RenderingContext.prototype
  const held = new Map()
  const meter = (window.meter = { calls: 0, triangles: 0, gpu: 0, gl: null, light: false, seen: [] })
  performance.setResourceTimingBufferSize(20_000)

  // Whoever waits for the contestant's word needs no script of its own in the page while the picture is made.
  let bench
  meter.ready = new Promise((resolve) => {
    Object.defineProperty(window, 'bench', {
      get: () => bench,
      set: (given) => {
        bench = given
        resolve(true)
      },
    })
  })

  const { getContext } = HTMLCanvasElement.prototype
  HTMLCanvasElement.prototype.getContext = function (kind, options) {
    return getContext.call(this, kind, kind.startsWith('webgl') ? { ...options, preserveDrawingBuffer: true } : options)
  }

  const wrap = (name, before) => {
    const real = gl2[name]
    gl2[name] = function (...given) {
      before(this, ...given)
      return real.apply(this, given)
    }
  }
  // `light` leaves three corners of each draw call: the same JavaScript, and nearly nothing for the card.
  const drawing = (name, count, instances = -1) => {
    const real = gl2[name]
    gl2[name] = function (...given) {
      const [mode] = given
      const each = mode === this.TRIANGLES ? given[count] / 3 : mode === this.TRIANGLE_STRIP || mode === this.TRIANGLE_FAN ? Math.max(0, given[count] - 2) : 0
      meter.gl = this
      meter.calls++
      meter.triangles += each * (given[instances] ?? 1)
      if (meter.light) given[count] = Math.min(3, given[count])
      return real.apply(this, given)
    }
  }
  drawing('drawArrays', 2)
  drawing('drawElements', 1)
  drawing('drawRangeElements', 3)
  drawing('drawArraysInstanced', 2, 3)
  drawing('drawElementsInstanced', 1, 4)

  // Bytes on the card: what stands in buffers, textures and render buffers, as asked for; padding and mipmaps are left out.
  const keep = (what, bytes) => {
    if (!what) return
    meter.gpu += bytes - (held.get(what) ?? 0)
    held.set(what, bytes)
  }
  const drop = (what) => {
    meter.gpu -= held.get(what) ?? 0
    held.delete(what)
  }
  const texel = (gl, format) =>
    ({ [gl.R8]: 1, [gl.RED]: 1, [gl.RG8]: 2, [gl.RG]: 2, [gl.DEPTH_COMPONENT16]: 2, [gl.R16F]: 2, [gl.RGBA16F]: 8, [gl.RGBA32F]: 16, [gl.RGBA32UI]: 16, [gl.RGBA16I]: 8, [gl.RGBA16UI]: 8, [gl.RGB32F]: 12, [gl.RGB8]: 3, [gl.RGB]: 3 })[format] ?? 4
  const bound = (gl, target) => {
    if (target === gl.TEXTURE_2D) return gl.getParameter(gl.TEXTURE_BINDING_2D)
    if (target === gl.TEXTURE_3D) return gl.getParameter(gl.TEXTURE_BINDING_3D)
    if (target === gl.TEXTURE_2D_ARRAY) return gl.getParameter(gl.TEXTURE_BINDING_2D_ARRAY)
    return gl.getParameter(gl.TEXTURE_BINDING_CUBE_MAP)
  }
  const BUFFERS = { 0x8892: 0x8894, 0x8893: 0x8895, 0x8a11: 0x8a28, 0x88eb: 0x88ed, 0x88ec: 0x88ef, 0x8f36: 0x8f36, 0x8f37: 0x8f37, 0x8c8e: 0x8c8f }
  wrap('bufferData', (gl, target, data, _usage, _at, length) =>
    keep(gl.getParameter(BUFFERS[target]), typeof data === 'number' ? data : length ? length * (data.BYTES_PER_ELEMENT ?? 1) : (data?.byteLength ?? 0)),
  )
  wrap('deleteBuffer', (_gl, buffer) => drop(buffer))
  wrap('texStorage2D', (gl, target, _levels, format, w, h) => keep(bound(gl, target), w * h * texel(gl, format)))
  wrap('texStorage3D', (gl, target, _levels, format, w, h, d) => keep(bound(gl, target), w * h * d * texel(gl, format)))
  wrap('texImage2D', (gl, target, level, format, ...rest) => {
    const [w, h] = rest.length >= 5 ? rest : [rest[2]?.width ?? 0, rest[2]?.height ?? 0]
    if (level === 0) keep(bound(gl, target), w * h * texel(gl, format))
  })
  wrap('texImage3D', (gl, target, level, format, w, h, d) => level === 0 && keep(bound(gl, target), w * h * d * texel(gl, format)))
  wrap('deleteTexture', (_gl, texture) => drop(texture))
  wrap('renderbufferStorage', (gl, _target, format, w, h) => keep(gl.getParameter(gl.RENDERBUFFER_BINDING), w * h * texel(gl, format)))
  wrap('renderbufferStorageMultisample', (gl, _target, samples, format, w, h) =>
    keep(gl.getParameter(gl.RENDERBUFFER_BINDING), Math.max(1, samples) * w * h * texel(gl, format)),
  )
  wrap('deleteRenderbuffer', (_gl, buffer) => drop(buffer))

  /** A small copy of what the canvas shows, and when it was finished on the card. */
  meter.look = () => {
    const { gl } = meter
    const { drawingBufferWidth: w, drawingBufferHeight: h } = gl
    const target = gl.getParameter(gl.READ_FRAMEBUFFER_BINDING)
    const pixels = new Uint8Array(w * h * 4)
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null)
    gl.readPixels(0, 0, w, h, gl.RGBA, gl.UNSIGNED_BYTE, pixels)
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, target)
    const cells = new Uint8Array(ACROSS * DOWN * 3)
    let to = 0
    for (let y = 0; y < DOWN; y++)
      for (let x = 0; x < ACROSS; x++) {
        const at = (Math.floor(((y + 0.5) / DOWN) * h) * w + Math.floor(((x + 0.5) / ACROSS) * w)) * 4
        for (let c = 0; c < 3; c++) cells[to++] = pixels[at + c]
      }
    return { at: performance.now(), cells }
  }

  let watching = true
  let calls = 0
  const frame = window.requestAnimationFrame.bind(window)
  const watch = () => {
    if (!watching) return
    if (meter.calls !== calls && meter.seen.length < 400) meter.seen.push(meter.look())
    calls = meter.calls
    frame(watch)
  }
  frame(watch)
  /** Count from here. */
  meter.begin = () => (meter.calls = meter.triangles = 0)
  meter.stop = () => (watching = false)

  const far = (a, b, at) => Math.max(Math.abs(a[at] - b[at]), Math.abs(a[at + 1] - b[at + 1]), Math.abs(a[at + 2] - b[at + 2]))
  /** Cells in which a picture differs from another. */
  meter.covered = (full, empty) => {
    const cells = []
    for (let at = 0; at < full.length; at += 3) if (far(full, empty, at) > NOTICED) cells.push(at)
    return cells
  }
  /** When half of the cells that the model covers were first nearer to the complete picture than to the empty stage. */
  meter.first = (full, empty) => {
    const cells = meter.covered(full.cells, empty.cells)
    const enough = ({ cells: now }) => cells.filter((at) => far(now, full.cells, at) < far(now, empty.cells, at)).length >= cells.length / 2
    return [...meter.seen, full].find(enough)?.at ?? full.at
  }
  /** Bytes of data, packed as they travelled, that had arrived by `at`. */
  meter.bytes = (at) =>
    performance
      .getEntriesByType('resource')
      .filter(({ name, responseEnd }) => /\.(glb|json|frag|xkt)(\?|$)/.test(name) && responseEnd <= at)
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)
}
