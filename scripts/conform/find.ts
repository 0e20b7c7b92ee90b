import { existsSync, globSync, readFileSync, statSync } from "node:fs"
import { basename, dirname, join, relative } from "node:path"
import { pathToFileURL } from "node:url"
import { gunzipSync } from "node:zlib"

import { readJson, root } from "../workspace.ts"
import type { Argued } from "./run.ts"
import type { DataFile, Suite } from "./suite.ts"

/** A suite with the reasons that its package gives for the cases it argues with. */
export interface Found {
  readonly suite: Suite
  readonly argued: Argued
}

const suiteFiles = (): ReadonlyArray<string> => globSync("packages/*/conform/*.ts", { cwd: root }).sort()

/** Finds `packages/<any>/conform/<name>.ts`; throws with the names there are when it is not there. */
export const findSuite = async (name: string): Promise<Found> => {
  const file = suiteFiles().find((candidate) => basename(candidate, ".ts") === name)
  if (file === undefined) {
    const names = suiteFiles().map((candidate) => basename(candidate, ".ts"))
    throw new Error(`no suite is called "${name}"; there are: ${names.join(", ") || "none"}`)
  }
  const { suite } = await import(pathToFileURL(join(root, file)).href)
  const reasons = join(root, dirname(file), "argued.json")
  return { suite, argued: existsSync(reasons) ? readJson<Argued>(reasons) : {} }
}

const textOf = (path: string): string => {
  const bytes = readFileSync(path)
  return (path.endsWith(".gz") ? unpacked(bytes) : bytes).toString("utf8")
}

const unpacked = (bytes: Buffer): Buffer => {
  try {
    return gunzipSync(bytes)
  } catch (cause) {
    throw new Error("its name ends in .gz, but it cannot be unpacked whole", { cause })
  }
}

const dataFile = (base: string, path: string): DataFile => ({
  name: relative(base, path) || basename(path),
  get text() {
    return textOf(path)
  },
  beside: (name) => {
    const other = join(dirname(path), name)
    return existsSync(other) ? textOf(other) : undefined
  }
})

/** The files of cases under a path: the file itself, or those in the folder that the suite accepts, by name. */
export const findFiles = (suite: Suite, path: string): ReadonlyArray<DataFile> => {
  if (statSync(path).isFile()) return [dataFile(path, path)]
  return globSync("**/*", { cwd: path })
    .map((name) => join(path, name))
    .filter((candidate) => statSync(candidate).isFile())
    .sort()
    .map((candidate) => dataFile(path, candidate))
    .filter((file) => isAccepted(suite, file))
}

/** A file that cannot even be looked at is taken, so that it is counted as failed and not passed over. */
const isAccepted = (suite: Suite, file: DataFile): boolean => {
  try {
    return suite.accepts?.(file) ?? true
  } catch {
    return true
  }
}
