/**
 * Writes the TypeScript projects of the workspace from its folders and manifests; `--check` only says what differs.
 *
 * A package has two: `src/tsconfig.json` emits the declarations that are published; `tsconfig.json` beside it checks
 * the tests, benchmarks and conformance suites. So `tsc -b` checks everything, `tsc -b packages/core` one package.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"

import { allNames, benchOf, examples, isAdapter, type Package, packages, root, runtimeNames } from "./workspace.ts"

const published = packages()
const bySource = new Map(published.map((pkg) => [pkg.manifest.name, join(pkg.dir, "src")]))

const references = (from: string, names: ReadonlyArray<string>) =>
  [...new Set(names)]
    .flatMap((name) => bySource.get(name) ?? [])
    .sort()
    .map((path) => ({ path: relative(from, path) }))

const sourceProject = (pkg: Package) => ({
  extends: "../../../tsconfig.base.json",
  compilerOptions: {
    composite: true,
    emitDeclarationOnly: true,
    rootDir: ".",
    outDir: "../dist",
    tsBuildInfoFile: "../src.tsbuildinfo",
    ...(isAdapter(pkg.short) ? { types: ["node"] } : {})
  },
  include: ["."],
  references: references(join(pkg.dir, "src"), runtimeNames(pkg))
})

const checkProject = (dir: string, include: ReadonlyArray<string>, names: ReadonlyArray<string>) => ({
  extends: `${relative(dir, root)}/tsconfig.base.json`,
  compilerOptions: { noEmit: true, rewriteRelativeImportExtensions: false, tsBuildInfoFile: "./check.tsbuildinfo", types: ["node"] },
  include,
  references: references(dir, names)
})

const testProject = (pkg: Package) => {
  const bench = benchOf(pkg)
  const names = [pkg.manifest.name, ...allNames(pkg), ...(bench ? allNames(bench) : [])]
  return checkProject(pkg.dir, ["test", "bench", "conform"], names)
}

const rootProject = {
  files: [],
  references: [...[...published, ...examples()].map(({ dir }) => relative(root, dir)), "scripts", "docs"].map((path) => ({
    path
  }))
}

const projects = new Map<string, object>([
  ...published.map((pkg) => [join(pkg.dir, "src"), sourceProject(pkg)] as const),
  ...published.map((pkg) => [pkg.dir, testProject(pkg)] as const),
  ...examples().map((pkg) => [pkg.dir, checkProject(pkg.dir, ["."], allNames(pkg))] as const),
  [root, rootProject]
])

const checkOnly = process.argv.includes("--check")
for (const [dir, project] of projects) {
  const file = join(dir, "tsconfig.json")
  const text = `${JSON.stringify(project, undefined, 2)}\n`
  if (!existsSync(dir) || (existsSync(file) && readFileSync(file, "utf8") === text)) continue
  if (!checkOnly) writeFileSync(file, text)
  else process.exitCode = 1
  console.log(`${checkOnly ? "differs, run `pnpm tsconfigs`" : "written"}: ${relative(root, file)}`)
}
