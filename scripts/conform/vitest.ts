import { existsSync } from "node:fs"
import { join } from "node:path"

import { describe, expect, it } from "vitest"

import { root } from "../workspace.ts"
import { findFiles, findSuite } from "./find.ts"
import { type Outcome, runFile } from "./run.ts"
import type { DataFile, Options } from "./suite.ts"

/** The folder of external cases, which is not part of the repository. */
const data = join(root, "../shared/data")

/**
 * Declares one test per file of external cases under `../shared/data/<folder>`; each fails with the cases that fail.
 * When the folder is not there, one test is skipped in its stead and says so.
 */
export const conformsTo = async (name: string, folder: string, options: Options = {}): Promise<void> => {
  const path = join(data, folder)
  if (!existsSync(path)) {
    console.warn(`skipped: conformance suite ${name}, because ../shared/data/${folder} is not there`)
    it.skipIf(true)(`${name} (../shared/data/${folder} is not there)`, () => expect.unreachable())
    return
  }
  const { argued, suite } = await findSuite(name)
  const outcomes = async (file: DataFile): Promise<ReadonlyArray<Outcome>> => {
    const all: Array<Outcome> = []
    for await (const outcome of runFile(suite, file, argued, options)) all.push(outcome)
    return all
  }
  describe(`${name}: ${folder}`, () => {
    it.each(findFiles(suite, path).map((file) => [file.name, file] as const))("%s", async (_name, file) => {
      const all = await outcomes(file)
      expect(all.filter(({ status }) => status === "failed")).toEqual([])
      expect(all).not.toHaveLength(0)
    })
  })
}
