/**
 * `node bench/build.js FOLDER`: the pages of the viewer's races (`tests/bench/races/viewer*.py`), bench/*.html → FOLDER.
 *
 * Each is built alone, as its users would: together, contestants would share chunks and be cut into more files than each needs.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import process from 'node:process'
import { build } from 'vite'

const out = process.argv[2]
if (!out) throw new Error('Name the folder to build into: node bench/build.js FOLDER')
const here = import.meta.dirname
/** Put there by `make bench-peers`, never part of the product. */
const peers = resolve(here, '../../build/peers/node/node_modules')
const fragments = `${peers}/@thatopen/fragments/dist`
const xeokit = `${peers}/@xeokit/xeokit-sdk/dist/xeokit-sdk.min.es.js`
const pages = ['ours', 'orbit', 'meshes', 'tiles', ...(existsSync(fragments) ? ['fragments'] : []), ...(existsSync(xeokit) ? ['xeokit'] : [])]

for (const page of pages)
  await build({
    configFile: false,
    root: here,
    base: './',
    logLevel: 'error',
    resolve: {
      alias: [
        { find: /^@thatopen\/fragments\/worker(?=\?|$)/, replacement: `${fragments}/Worker/worker.min.mjs` },
        { find: /^@thatopen\/fragments$/, replacement: `${fragments}/index.min.mjs` },
        { find: '@xeokit/xeokit-sdk', replacement: xeokit },
      ],
      // The peers draw with the same three.js as the stage.
      dedupe: ['three'],
    },
    build: {
      outDir: resolve(out),
      emptyOutDir: false,
      target: 'es2022',
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 6000,
      // In as few files as each needs, with what it loads later beside them.
      rollupOptions: { input: `${here}/${page}.html`, preserveEntrySignatures: 'allow-extension', output: { codeSplitting: { groups: [{ name: page, tags: ['$initial'] }] } } },
    },
  })
