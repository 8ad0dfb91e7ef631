import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

// One run for all workspaces. Component tests ask for a DOM with a first line `// @vitest-environment happy-dom`.
export default defineConfig({
  plugins: [vue()],
  test: {
    include: ['packages/**/*.spec.ts', 'apps/**/*.spec.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    server: { deps: { inline: ['element-plus'] } },
    css: false,
  },
})
