import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

/** The external cases lie beside the repository, and are never part of it. */
const folder = fileURLToPath(new URL("../../../../../shared/data/", import.meta.url))

/** The content of a file of external cases, or `undefined`, said aloud, when it is not there. */
export const external = (path: string): unknown => {
  if (existsSync(folder + path)) return JSON.parse(readFileSync(folder + path, "utf8"))
  console.warn(`Skipped: the external cases ${path} are not there.`)
  return undefined
}
