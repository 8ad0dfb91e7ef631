import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { brotli } from '../../build/brotli'

// The server embeds dist/. In development the API of a running server is used: RUHU_API=http://127.0.0.1:8080 npm run dev
export default defineConfig({
  plugins: [vue(), brotli()],
  define: {
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: {
    target: 'chrome85',
    cssTarget: 'chrome85',
    emptyOutDir: true,
    modulePreload: { polyfill: true },
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { '/api': process.env.RUHU_API ?? 'http://127.0.0.1:8080' } },
})
