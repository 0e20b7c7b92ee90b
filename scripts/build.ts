/**
 * Builds the JavaScript of the packages, one ESM bundle per entry of `exports`, with shared chunks.
 * The declarations come from `tsc -b`: tsup would need a JavaScript API that TypeScript 7 does not have.
 */
import { globSync, rmSync } from "node:fs"
import { join } from "node:path"

import { build } from "tsup"

import { entries, isAdapter, type Package, packages } from "./workspace.ts"

const buildPackage = async (pkg: Package): Promise<void> => {
  const outDir = join(pkg.dir, "dist")
  globSync("**/*.{js,js.map}", { cwd: outDir }).forEach((file) => rmSync(join(outDir, file)))
  await build({
    config: false,
    entry: Object.fromEntries(entries(pkg).map(({ built, source }) => [built, source])),
    outDir,
    tsconfig: join(pkg.dir, "src/tsconfig.json"),
    format: "esm",
    platform: isAdapter(pkg.short) ? "node" : "neutral",
    target: "es2023",
    skipNodeModulesBundle: true,
    // `node:sqlite` has no name without its prefix.
    removeNodeProtocol: false,
    sourcemap: true,
    silent: true
  })
}

const wanted = process.argv.slice(2)
for (const pkg of packages()) {
  if (entries(pkg).length === 0 || (wanted.length > 0 && !wanted.includes(pkg.short))) continue
  await buildPackage(pkg)
  console.log(`built ${pkg.manifest.name}`)
}
