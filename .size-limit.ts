import { join } from "node:path"

import { entries, isAdapter, packages } from "./scripts/workspace.ts"

const defaultLimit = "25 kB"

/**
 * What of an entry, or of several, is measured with everything that it needs, as a browser would load it: `"import": "{ price }"`, or by the
 * paths of entries.
 */
const whole = packages().flatMap((pkg) =>
  (pkg.manifest["size-limit"] ?? []).flatMap(({ import: names, limit, path }) => {
    if (names === undefined) return []
    const imported = typeof names === "string" ? { [path]: names } : names
    const neutral = { platform: "neutral", mainFields: ["module", "main"], conditions: ["import"] }
    return [
      {
        name: `${pkg.manifest.name} ${Object.values(imported).join(" ")} with all that it needs`,
        import: Object.fromEntries(Object.entries(imported).map(([file, exports]) => [join(pkg.dir, file), exports])),
        limit,
        gzip: true,
        modifyEsbuildConfig: (config: object) => ({ ...config, ...neutral })
      }
    ]
  })
)

/**
 * The gzipped size of what each entry adds to a bundle: our own code, without peers.
 * A package tightens or widens the default with `"size-limit": [{ "path": "dist/index.js", "limit": "12 kB" }]`.
 */
const each = packages().flatMap((pkg) =>
  entries(pkg).map(({ built, specifier }) => {
    const path = `dist/${built}.js`
    const declared = pkg.manifest["size-limit"]?.find((budget) => budget.path === path && budget.import === undefined)
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

export default [...each, ...whole]
