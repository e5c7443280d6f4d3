import type { MeshoptDecoder } from 'meshoptimizer/decoder'

type Decoder = typeof MeshoptDecoder

/**
 * The decoder of compressed meshes as a loader takes it: a chunk of its own, fetched and compiled while tiles are on their way, for which only
 * a tile that has come waits.
 */
export class LateDecoder {
  readonly supported = true
  /** Rejects where the chunk did not come or this browser cannot run it. */
  readonly ready: Promise<void>
  private readonly decoder: Promise<Decoder>

  constructor() {
    this.decoder = import('meshoptimizer/decoder').then(async ({ MeshoptDecoder }) => {
      if (!MeshoptDecoder.supported) throw new Error('This browser does not run WebAssembly, which compressed tiles need.')
      await MeshoptDecoder.ready
      return MeshoptDecoder
    })
    this.ready = this.decoder.then(() => undefined)
    // Whoever loads a scene is told; a viewer that never does has nothing to tell.
    this.ready.catch(() => undefined)
  }

  async decodeGltfBufferAsync(...given: Parameters<Decoder['decodeGltfBufferAsync']>): Promise<Uint8Array> {
    return (await this.decoder).decodeGltfBufferAsync(...given)
  }
}
