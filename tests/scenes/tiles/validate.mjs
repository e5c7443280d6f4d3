// For each GLB in the folders named as arguments: what gltf-validator finds (errors and warnings), and a hash over
// every compressed view as meshoptimizer's own decoder reads it. Prints {file: {issues, hash}}. Octahedral normals are
// hashed as they are stored: decoders may round them either way.
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const require = createRequire(join(process.argv[2], 'package.json'))
const validator = require('gltf-validator')
const { MeshoptDecoder } = await import(require.resolve('meshoptimizer'))
await MeshoptDecoder.ready

function decoded(data) {
  const length = data.readUInt32LE(12)
  const json = JSON.parse(data.subarray(20, 20 + length).toString('utf8'))
  const binary = data.subarray(28 + length)
  const hash = createHash('sha256')
  for (const view of json.bufferViews ?? []) {
    const packed = view.extensions?.EXT_meshopt_compression
    if (!packed) continue
    const target = new Uint8Array(packed.count * packed.byteStride)
    const source = new Uint8Array(binary.subarray(packed.byteOffset, packed.byteOffset + packed.byteLength))
    MeshoptDecoder.decodeGltfBuffer(target, packed.count, packed.byteStride, source, packed.mode, packed.filter === 'OCTAHEDRAL' ? 'NONE' : packed.filter)
    hash.update(target)
  }
  return hash.digest('hex')
}

const result = {}
for (const folder of process.argv.slice(3))
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.glb'))) {
    const data = readFileSync(join(folder, name))
    const report = await validator.validateBytes(new Uint8Array(data), { maxIssues: 0 })
    const issues = report.issues.messages.filter((issue) => issue.severity < 2)
    result[join(folder, name)] = { issues, hash: decoded(data) }
  }
console.log(JSON.stringify(result))
