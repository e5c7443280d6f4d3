import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// Vue must know which tags are none of its own.
export default defineConfig({ plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'park-viewer' } } })] })
