import { defineConfig } from 'vitest/config'

// End-to-end tests: the built program, a real browser. Two files at a time: each has a server and a browser of its own, and mostly waits. Run by `make e2e`, or here by `npm run e2e`.
export default defineConfig({
  test: {
    include: ['e2e/**/*.spec.ts'],
    globalSetup: ['e2e/harness/setup.ts'],
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000, interval: 100 } },
  },
})
