import { describe, expect, it } from 'vitest'
import { MeshoptDecoder } from 'meshoptimizer/decoder'
import { MeshoptEncoder } from 'meshoptimizer/encoder'
import { LateDecoder } from './late-decoder'

describe('LateDecoder', () => {
  it('decodes what is asked for before the decoder has come', async () => {
    await MeshoptEncoder.ready
    const values = Uint8Array.from({ length: 64 }, (_, i) => i * 3)
    const packed = MeshoptEncoder.encodeVertexBuffer(values, 16, 4)
    expect([...(await new LateDecoder().decodeGltfBufferAsync(16, 4, packed, 'ATTRIBUTES'))]).toEqual([...values])
  })

  it('says so where the browser cannot run it', async () => {
    const { supported } = MeshoptDecoder
    MeshoptDecoder.supported = false
    try {
      await expect(new LateDecoder().ready).rejects.toThrow('WebAssembly')
    } finally {
      MeshoptDecoder.supported = supported
    }
  })
})
