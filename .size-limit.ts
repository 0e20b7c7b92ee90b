import { join } from "node:path"

import { entries, isAdapter, packages } from "./scripts/workspace.ts"

const defaultLimit = "25 kB"

/**
 * The gzipped size of what each entry adds to a bundle: our own code, without peers.
 * A package tightens or widens the default with `"size-limit": [{ "path": "dist/index.js", "limit": "12 kB" }]`.
 */
export default packages().flatMap((pkg) =>
  entries(pkg).map(({ built, specifier }) => {
    const path = `dist/${built}.js`
    const declared = pkg.manifest["size-limit"]?.find((budget) => budget.path === path)
    return {
      name: specifier,
      path: join(pkg.dir, path),
      limit: declared?.limit ?? defaultLimit,
      gzip: true,
      modifyEsbuildConfig: (config: object) => ({
        ...config,
        platform: isAdapter(pkg.short) ? "node" : "neutral",
        packages: "external"
      })
    }
  })
)
