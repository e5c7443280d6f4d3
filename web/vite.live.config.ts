/** The live client for any page or program in JavaScript: src/live → dist/embed/live-client.js, and its types beside it. Runs after the application's build and leaves its files alone. */
import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'
import { packed } from './packed'

export default defineConfig({
  base: './',
  publicDir: false,
  plugins: [
    packed(),
    {
      name: 'types',
      generateBundle() {
        // The file holds types only and imports nothing, so it is a declaration file as it stands.
        this.emitFile({ type: 'asset', fileName: 'live-client.d.ts', source: readFileSync(new URL('src/live/types.ts', import.meta.url), 'utf8') })
      },
    },
  ],
  build: {
    outDir: 'dist/embed',
    emptyOutDir: false,
    target: 'es2022',
    modulePreload: { polyfill: false },
    rollupOptions: {
      preserveEntrySignatures: 'exports-only',
      input: { 'live-client': 'src/live/index.ts' },
      output: { entryFileNames: '[name].js', assetFileNames: '[name][extname]' },
    },
  },
})
