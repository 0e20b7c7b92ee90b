/**
 * Holds the packages to the arrows of the design: published source imports only the packages drawn for it here,
 * declares each of them in its manifest, and never reaches into the folder of another.
 */
import { globSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"

import { type Package, packages, root, runtimeNames } from "./workspace.ts"

/** The arrows. A package without a line of its own may import `core`; an adapter that, and the package of its port. */
const drawn: Readonly<Record<string, ReadonlyArray<string>>> = {
  core: [],
  pricing: ["core", "rules"],
  journeys: ["core", "rules"],
  orders: ["core", "inventory", "pricing"],
  cart: ["core", "catalog", "inventory", "orders", "pricing"],
  cli: ["core", "storage-postgres", "storage-sqlite"]
}

const portOf = (short: string): string | undefined =>
  short.startsWith("channel-") ? "channels" : short.startsWith("payment-") ? "orders" : short.startsWith("search-") ? "catalog" : undefined

const mayImport = ({ short }: Package): ReadonlyArray<string> => {
  const port = portOf(short)
  return port ? [...new Set(["core", port])] : (drawn[short] ?? ["core"])
}

const withoutComments = (code: string) => code.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")

const importStatement = /^(?:import|export)\b[^"]*\bfrom "([^"]+)"|^import "([^"]+)"|\bimport\("([^"]+)"\)/gm

const importsOf = (file: string): ReadonlyArray<string> =>
  [...withoutComments(readFileSync(file, "utf8")).matchAll(importStatement)].map(
    ([, named, bare, dynamic]) => named ?? bare ?? dynamic ?? ""
  )

const problem = (pkg: Package, file: string, specifier: string): string | undefined => {
  if (specifier.startsWith(".")) {
    const inside = join(file, "..", specifier).startsWith(join(pkg.dir, "src/"))
    return inside ? undefined : `reaches out of its package: "${specifier}"`
  }
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier
  const sibling = /^@omni\/(.+)$/.exec(name)?.[1]
  if (sibling !== undefined && !mayImport(pkg).includes(sibling)) {
    return `imports ${name}, but only [${mayImport(pkg).join(", ")}] is drawn for ${pkg.short}`
  }
  const declared = specifier.startsWith("node:") || runtimeNames(pkg).includes(name)
  return declared ? undefined : `imports ${name}, which is neither a dependency nor a peer in its package.json`
}

const sources = (pkg: Package) => globSync("src/**/*.ts", { cwd: pkg.dir }).map((file) => join(pkg.dir, file))

const problems = packages().flatMap((pkg) =>
  sources(pkg).flatMap((file) =>
    importsOf(file).flatMap((specifier) => {
      const wrong = problem(pkg, file, specifier)
      return wrong === undefined ? [] : [`${relative(root, file)}: ${wrong}`]
    })
  )
)

problems.forEach((line) => console.error(line))
console.log(`${packages().length} packages, ${problems.length} imports against the arrows`)
process.exitCode = problems.length === 0 ? 0 : 1
