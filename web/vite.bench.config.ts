/** The pages of the viewer's races (`tests/bench/races/viewer*.py`): bench/*.html → the folder that a race names. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig } from 'vite'

/** Put there by `make bench-peers`, never part of the product. */
const peers = resolve(import.meta.dirname, '../build/peers/node/node_modules')
const fragments = `${peers}/@thatopen/fragments/dist`
const xeokit = `${peers}/@xeokit/xeokit-sdk/dist/xeokit-sdk.min.es.js`
const pages = ['ours', 'orbit', 'meshes', 'tiles', ...(existsSync(fragments) ? ['fragments'] : []), ...(existsSync(xeokit) ? ['xeokit'] : [])]

export default defineConfig({
  root: 'bench',
  base: './',
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
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 6000,
    rollupOptions: { input: pages.map((name) => `bench/${name}.html`) },
  },
})
