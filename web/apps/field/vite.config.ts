import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { brotli } from '../../build/brotli'
import { workerList } from './build/worker'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const base = '/field/'

export default defineConfig({
  base,
  plugins: [vue(), workerList(base, here('public')), brotli()],
  build: {
    target: 'chrome85',
    emptyOutDir: false, // keeps .gitkeep; the build script removes old assets
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      input: { index: here('index.html'), sw: here('src/sw.ts') },
      output: { entryFileNames: (c) => (c.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  server: { proxy: { '/api': process.env.RUHU_SERVER ?? 'http://127.0.0.1:8080' } },
})
