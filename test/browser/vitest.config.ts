import path from "node:path"
import { defineConfig } from "vitest/config"

/** `npm run test:browser`: pages in a real Chromium, on the whole shop. */
export default defineConfig({
  test: {
    name: "browser",
    root: path.resolve(import.meta.dirname, "../.."),
    include: ["test/browser/**/*.test.ts"],
    maxWorkers: 2,
    pool: "forks",
    testTimeout: 120_000,
    hookTimeout: 600_000,
    globalSetup: ["test/support/setup-postgres.ts"],
  },
})
