/**
 * `pnpm conform <suite> <file or folder> [--option value ...]` runs external cases through the public API: one JSON
 * line for each failing case, then `N passed, N argued, N failed`. `--hash` adds the key of a case in `argued.json`.
 */
import { existsSync } from "node:fs"
import { resolve } from "node:path"

import { findFiles, findSuite } from "./conform/find.ts"
import { type Outcome, runFile } from "./conform/run.ts"
import type { Options } from "./conform/suite.ts"

const parseOptions = (words: ReadonlyArray<string>): Options => {
  const options: Record<string, string> = {}
  words.forEach((word, index) => {
    if (!word.startsWith("--")) return
    const next = words[index + 1]
    options[word.slice(2)] = next === undefined || next.startsWith("--") ? "true" : next
  })
  return options
}

const report = (outcome: Outcome, withHash: boolean): void => {
  const { got, hash, want } = outcome
  if (outcome.status === "failed") {
    console.log(JSON.stringify({ case: outcome.case, want, got, ...(withHash ? { hash } : {}) }))
  }
}

const main = async ([name, where, ...words]: ReadonlyArray<string>): Promise<void> => {
  if (name === undefined || where === undefined) throw new Error("usage: pnpm conform <suite> <file or folder>")
  const path = resolve(process.env["INIT_CWD"] ?? ".", where)
  const { argued, suite } = await findSuite(name)
  if (!existsSync(path)) throw new Error(`there is no file or folder ${path}`)
  const files = findFiles(suite, path)
  const options = parseOptions(words)
  const counts = { passed: 0, argued: 0, failed: 0 }
  for (const file of files) {
    for await (const outcome of runFile(suite, file, argued, options)) {
      counts[outcome.status]++
      report(outcome, "hash" in options)
    }
  }
  const { failed, passed } = counts
  if (passed + counts.argued + failed === 0) {
    console.error(`no case of ${name} in ${path}: ${files.length} files of its form`)
  }
  console.log(`${passed} passed, ${counts.argued} argued, ${failed} failed`)
  process.exitCode = failed > 0 || passed + counts.argued === 0 ? 1 : 0
}

await main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
