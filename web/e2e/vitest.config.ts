import { defineConfig } from 'vitest/config'

// End-to-end tests: the built program, a real browser, one file at a time. Run by `make e2e`, or here by `npm run e2e`.
export default defineConfig({
  test: {
    include: ['e2e/**/*.spec.ts'],
    globalSetup: ['e2e/harness/setup.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000, interval: 100 } },
  },
})
