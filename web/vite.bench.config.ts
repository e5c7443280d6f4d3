/** The pages of the viewer's race (`tests/bench/races/viewer.py`): bench/*.html → the folder that the race names. */
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'bench',
  base: './',
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1300,
    rollupOptions: { input: ['ours', 'meshes', 'tiles'].map((name) => `bench/${name}.html`) },
  },
})
