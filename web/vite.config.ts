/** The application: index.html → dist. `vite dev` and `vite preview` hand API, tiles and live data to a running server. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const server = process.env.PARK_SERVER ?? 'http://127.0.0.1:8000'
const proxy = Object.fromEntries(
  ['/api', '/tiles', '/ogc', '/healthz', '/readyz'].map((path) => [path, { target: server, changeOrigin: true, ws: path === '/api' }]),
)

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    target: 'es2022',
    sourcemap: false,
    // three.js alone is larger than the default limit; the weight is watched by a test of its own.
    chunkSizeWarningLimit: 1300,
  },
  server: { proxy },
  preview: { proxy },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node' },
})
