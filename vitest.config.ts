import { defineConfig } from "vitest/config"

const conditions = ["@omni/source", "module", "node", "development|production"]

/** One configuration for all packages: they find one another as source, so nothing has to be built before a test. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["@omni/source", "node"] } },
  test: {
    include: ["{packages,examples}/*/test/**/*.test.ts", "scripts/test/**/*.test.ts"],
    globalSetup: ["scripts/postgres/shared.ts"],
    setupFiles: ["scripts/seed.ts"],
    execArgv: ["--conditions=@omni/source"],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    allowOnly: false
  }
})
