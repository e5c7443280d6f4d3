/** Writes each text of a build compressed beside it, `NAME.gz`: the server sends that instead to whoever takes it. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const TEXT = /\.(js|css|svg|json|wasm)$/
/** Bytes: what fits into one packet is not compressed. */
const LEAST = 1400

export function packed(): Plugin {
  return {
    name: 'packed',
    apply: 'build',
    writeBundle({ dir }, bundle) {
      if (!dir) this.error('The build must name a folder.')
      for (const made of Object.values(bundle)) {
        const text = made.type === 'chunk' ? made.code : made.source
        if (TEXT.test(made.fileName) && text.length >= LEAST) writeFileSync(resolve(dir, `${made.fileName}.gz`), gzipSync(text, { level: 9 }))
      }
    },
  }
}
