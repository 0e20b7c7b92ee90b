/**
 * Bundles every entry of core and the domain packages, peers included, for a platform that is neither Node nor a
 * browser: anything that would keep an operation from running in a tab, at a till or at the edge fails here.
 */
import { gzipSync } from "node:zlib"

import { build } from "esbuild"

import { entries, isAdapter, packages } from "./workspace.ts"

const bundle = (source: string) =>
  build({
    entryPoints: [source],
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["import"],
    logLevel: "error"
  })

for (const pkg of packages()) {
  if (isAdapter(pkg.short)) continue
  for (const { built, specifier } of entries(pkg)) {
    const result = await bundle(`${pkg.dir}/dist/${built}.js`).catch(() => undefined)
    const size = result && gzipSync(result.outputFiles[0]?.contents ?? "").length
    console.log(`${specifier}: ${size === undefined ? "does not bundle" : `${(size / 1000).toFixed(1)} kB with peers`}`)
    if (result === undefined) process.exitCode = 1
  }
}
