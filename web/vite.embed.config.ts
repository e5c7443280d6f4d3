/**
 * The embeddable widget: src/embed → dist/embed/park-viewer.js (one file, tools and decoders lazy beside it), the iframe page
 * embed.html → dist/embed/index.html, and the types src/embed/types.ts → dist/embed/park-viewer.d.ts with those for React's JSX
 * beside them. Runs after the application's build and leaves its files alone.
 */
import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'
import type { Plugin } from 'vite'
import { packed } from './packed'

const entry = '/src/embed/index.ts'

/** Writes the iframe page and the types beside the widget; in development the page loads the sources instead. */
function pageAndTypes(): Plugin {
  return {
    name: 'page-and-types',
    generateBundle() {
      // The file holds types only and imports nothing, so it is a declaration file as it stands.
      this.emitFile({ type: 'asset', fileName: 'park-viewer.d.ts', source: readFileSync(new URL('src/embed/types.ts', import.meta.url), 'utf8') })
      this.emitFile({ type: 'asset', fileName: 'park-viewer-react.d.ts', source: readFileSync(new URL('park-viewer-react.d.ts', import.meta.url), 'utf8') })
      const page = readFileSync(new URL('embed.html', import.meta.url), 'utf8')
      if (!page.includes(entry)) this.error(`embed.html must load ${entry}: the build points that script at the widget.`)
      this.emitFile({ type: 'asset', fileName: 'index.html', source: page.replace(entry, '/embed/park-viewer.js') })
    },
  }
}

export default defineConfig({
  base: './',
  publicDir: false,
  plugins: [pageAndTypes(), packed()],
  build: {
    outDir: 'dist/embed',
    emptyOutDir: false,
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1300,
    rollupOptions: {
      preserveEntrySignatures: 'allow-extension',
      input: { 'park-viewer': 'src/embed/index.ts' },
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name].js',
        assetFileNames: '[name][extname]',
        // Else what a tool shares with the viewer would be a file of its own, asked for once the first one is read: a round trip more.
        codeSplitting: { groups: [{ name: 'park-viewer', tags: ['$initial'] }] },
      },
    },
  },
})
