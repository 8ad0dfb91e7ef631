import { defineConfig } from 'vitest/config'

// Measurements of the phone app: run by `make bench`, or here by `npm run bench:phone`.
export default defineConfig({
  test: {
    include: ['e2e/bench/*.bench.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000, interval: 50 } },
  },
})
