// Books of what the page holds on the graphics card and of its sockets, kept at the doors of the browser: what is
// made is entered, what is deleted struck out. Put in before any script of the page runs.
(() => {
  const BYTES = { R8: 1, R8I: 1, RG8: 2, RGB8: 3, SRGB8: 3, R16F: 2, RG16F: 4, RGBA16F: 8, R32F: 4, RG32F: 8, RGBA32F: 16, R11F_G11F_B10F: 4, DEPTH_COMPONENT16: 2 }
  const GL = WebGL2RenderingContext.prototype
  const size = new Map(Object.entries(BYTES).map(([name, bytes]) => [GL[name], bytes]))
  const perPixel = (format) => size.get(format) ?? 4
  const BOUND = new Map([
    [GL.TEXTURE_2D, GL.TEXTURE_BINDING_2D],
    [GL.TEXTURE_3D, GL.TEXTURE_BINDING_3D],
    [GL.TEXTURE_2D_ARRAY, GL.TEXTURE_BINDING_2D_ARRAY],
    [GL.ARRAY_BUFFER, GL.ARRAY_BUFFER_BINDING],
    [GL.ELEMENT_ARRAY_BUFFER, GL.ELEMENT_ARRAY_BUFFER_BINDING],
    [GL.UNIFORM_BUFFER, GL.UNIFORM_BUFFER_BINDING],
    [GL.PIXEL_PACK_BUFFER, GL.PIXEL_PACK_BUFFER_BINDING],
    [GL.PIXEL_UNPACK_BUFFER, GL.PIXEL_UNPACK_BUFFER_BINDING],
  ])
  const KINDS = ['Texture', 'Buffer', 'Renderbuffer', 'Program']
  const books = new Map()
  const bookOf = (gl) => {
    let book = books.get(gl)
    if (!book) {
      books.set(gl, (book = Object.fromEntries(KINDS.map((kind) => [kind, new Map()]))))
      // What a lost context held is gone.
      gl.canvas.addEventListener('webglcontextlost', () => KINDS.forEach((kind) => book[kind].clear()))
    }
    return book
  }
  const after = (name, note) => {
    const plain = GL[name]
    GL[name] = function (...given) {
      const made = plain.apply(this, given)
      note(this, given, made)
      return made
    }
  }
  for (const kind of KINDS) {
    after(`create${kind}`, (gl, _, made) => made && bookOf(gl)[kind].set(made, new Map()))
    after(`delete${kind}`, (gl, [old]) => bookOf(gl)[kind].delete(old))
  }
  const enter = (gl, kind, target, part, bytes) => {
    const cube = target >= GL.TEXTURE_CUBE_MAP_POSITIVE_X && target <= GL.TEXTURE_CUBE_MAP_NEGATIVE_Z
    const holder = gl.getParameter(kind === 'Renderbuffer' ? GL.RENDERBUFFER_BINDING : cube || target === GL.TEXTURE_CUBE_MAP ? GL.TEXTURE_BINDING_CUBE_MAP : BOUND.get(target))
    bookOf(gl)[kind].get(holder)?.set(part, bytes)
  }
  after('texImage2D', (gl, a) => {
    const [target, level, format] = a
    const [width, height] = a.length > 6 ? [a[3], a[4]] : [a[5]?.width ?? 0, a[5]?.height ?? 0]
    enter(gl, 'Texture', target, `${target} ${level}`, width * height * perPixel(format))
  })
  after('texStorage2D', (gl, [target, levels, format, width, height]) => {
    const faces = target === GL.TEXTURE_CUBE_MAP ? 6 : 1
    enter(gl, 'Texture', target, 'all', width * height * perPixel(format) * faces * (levels > 1 ? 4 / 3 : 1))
  })
  after('texImage3D', (gl, [target, level, format, width, height, depth]) => enter(gl, 'Texture', target, `${level}`, width * height * depth * perPixel(format)))
  after('texStorage3D', (gl, [target, levels, format, width, height, depth]) => enter(gl, 'Texture', target, 'all', width * height * depth * perPixel(format) * (levels > 1 ? 4 / 3 : 1)))
  after('bufferData', (gl, [target, data, , offset, length]) => enter(gl, 'Buffer', target, 'all', typeof data === 'number' ? data : length ? length * data.BYTES_PER_ELEMENT : data.byteLength - (offset ?? 0)))
  after('renderbufferStorage', (gl, [target, format, width, height]) => enter(gl, 'Renderbuffer', target, 'all', width * height * perPixel(format)))
  after('renderbufferStorageMultisample', (gl, [target, samples, format, width, height]) => enter(gl, 'Renderbuffer', target, 'all', width * height * perPixel(format) * Math.max(1, samples)))

  const sockets = new Set()
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given)
      sockets.add(this)
      this.addEventListener('close', () => sockets.delete(this))
    }
  }

  window.__account = () => {
    const sum = { textures: 0, buffers: 0, programs: 0, textureBytes: 0, bufferBytes: 0, sockets: sockets.size }
    for (const book of books.values()) {
      const bytes = (kind) => [...book[kind].values()].reduce((total, parts) => total + [...parts.values()].reduce((a, b) => a + b, 0), 0)
      sum.textures += book.Texture.size + book.Renderbuffer.size
      sum.buffers += book.Buffer.size
      sum.programs += book.Program.size
      sum.textureBytes += bytes('Texture') + bytes('Renderbuffer')
      sum.bufferBytes += bytes('Buffer')
    }
    return sum
  }
})()
