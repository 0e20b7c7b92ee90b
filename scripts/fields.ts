/**
 * Compares the tables of the READMEs with the code: those whose second column is "fields" name every operation and query of a package's
 * modules, and exactly the fields that each takes; "?" is behind those that may be left out.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"

import { problemsOf } from "./fields/check.ts"
import { modulesByPackage } from "./fields/modules.ts"
import { root } from "./workspace.ts"

const packages = await modulesByPackage()
const problems = packages.flatMap(({ short, modules }) => {
  const page = `packages/${short}/README.md`
  return problemsOf(readFileSync(join(root, page), "utf8"), modules).map((problem) => `${page}:${problem}`)
})

problems.forEach((line) => console.error(line))
console.log(`${packages.length} packages, ${problems.length} differences between tables and code`)
process.exitCode = problems.length === 0 ? 0 : 1
