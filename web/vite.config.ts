/** The application: index.html → dist. `vite dev` and `vite preview` hand API, tiles and live data to a running server. */
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { packed } from './packed'

const server = process.env.PARK_SERVER ?? 'http://127.0.0.1:8000'
const proxy = Object.fromEntries(
  ['/api', '/tiles', '/ogc', '/healthz', '/readyz'].map((path) => [path, { target: server, changeOrigin: true, ws: path === '/api' }]),
)

/** The bundled fonts name every subset as woff2 and again as woff; every browser that runs WebGL 2 reads woff2. */
function woff2Only(): Plugin {
  return {
    name: 'woff2-only',
    enforce: 'pre',
    transform: (code, id) => (/@fontsource\/.*\.css/.test(id) ? code.replace(/,\s*url\([^)]*\.woff\) format\('woff'\)/g, '') : undefined),
  }
}

/** What the viewer needs before the first tile; tools, overlays, headset and pictures come when they are used. */
const VIEWER = /node_modules\/(three|3d-tiles-renderer|three-mesh-bvh|camera-controls)\/|src\/viewer\/[a-z-]+\.ts|src\/viewer\/(navigation|labels)\//

export default defineConfig({
  plugins: [woff2Only(), react(), packed()],
  build: {
    outDir: 'dist',
    target: 'es2022',
    sourcemap: false,
    // three.js alone is larger than the default limit; the weight is watched by a test of its own.
    chunkSizeWarningLimit: 1300,
    // What every page needs is one file, and the viewer another: cut by who shares what, they were seventy, each a request of its own.
    rollupOptions: { output: { codeSplitting: { groups: [{ name: 'index', tags: ['$initial'], priority: 2 }, { name: 'viewer', test: VIEWER, priority: 1 }] } } },
  },
  // Themes and ramps stand in a file of the server's.
  server: { proxy, fs: { allow: ['..'] } },
  preview: { proxy },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node', css: { include: /tokens\.css/ } },
})
