import { accessSync, constants, existsSync, statSync } from "node:fs"

import { type Examination, type Finding, StoreUnavailable } from "@omni/core"

import { checkOurs, connect, pragma } from "./connection.ts"
import { store } from "./layout.ts"
import type { Settings } from "./options.ts"

/** A write-ahead log that is larger (bytes) than that is not being taken over. */
const LOG = 2 ** 28

/** What the file is like. It is opened to be read, and not made where there is none. */
export const examineFile = ({ path, memory, keys }: Settings): Examination => {
  const supported = store.migrations.length
  if (memory) return { layout: supported, supported, findings: [] }
  if (!existsSync(path)) return { layout: 0, supported, findings: [missing(path)] }
  const db = connect(path, true)
  try {
    const layout = layoutOf(db, path)
    if (typeof layout !== "number") return { layout: 0, supported, findings: [layout] }
    return { layout, supported, findings: [ofLayout(path, layout, supported), ofRights(path), ...ofSize(db, path), ...ofKeys(keys)] }
  } finally {
    db.close()
  }
}

const missing = (path: string): Finding => ({
  level: "problem",
  code: "layout",
  message: `There is no file ${path}.`,
  advice: "See that the path is right. The first call of an app makes the file, or omni migrate."
})

/** A newer layout is what it says it is; a file of something else is a finding. */
const layoutOf = (db: ReturnType<typeof connect>, path: string): number | Finding => {
  try {
    return checkOurs(db, path, store)
  } catch (error) {
    if (typeof error === "object" && error !== null && "found" in error) return Number(error.found)
    const said = error instanceof StoreUnavailable ? error.message : `${path} is not an Omni store: it is no SQLite database.`
    return { level: "problem", code: "layout", message: said, advice: "See that the path is right." }
  }
}

const ofLayout = (path: string, layout: number, supported: number): Finding => {
  if (layout === supported) return { level: "ok", code: "layout", message: `${path} has layout ${layout}, which is this release's.` }
  const message = `${path} has layout ${layout}, this release ${supported}.`
  return layout < supported
    ? { level: "problem", code: "layout", message, advice: "Stop the processes of the older release, then migrate: omni migrate." }
    : { level: "problem", code: "layout", message, advice: "Update @omni/storage-sqlite." }
}

const ofRights = (path: string): Finding => {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return { level: "ok", code: "rights", message: "The file may be read and written." }
  } catch {
    return {
      level: "problem",
      code: "rights",
      message: `${path} may be read and not written.`,
      advice: "Nothing can be committed as this user. Give it the right to write the file and its folder."
    }
  }
}

const ofSize = (db: ReturnType<typeof connect>, path: string): ReadonlyArray<Finding> => {
  const journal = String(pragma(db, "journal_mode"))
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
  const bytes = Number(pragma(db, "page_size")) * Number(pragma(db, "page_count"))
  const free = Number(pragma(db, "page_size")) * Number(pragma(db, "freelist_count"))
  const megabytes = (size: number) => `${Math.ceil(size / 1e6)} MB`
  return [
    journal === "wal"
      ? { level: "ok", code: "journal", message: "The journal is a write-ahead log." }
      : {
          level: "warning",
          code: "journal",
          message: `The journal is "${journal}".`,
          advice: "Readers and writers hold each other up. Open the store once with an app or omni migrate, which sets it back."
        },
    log > LOG
      ? {
          level: "warning",
          code: "log-size",
          message: `The write-ahead log has ${megabytes(log)}.`,
          advice:
            "It is not taken over into the file: some process keeps an old snapshot open. Look for a copy or a query that does not end."
        }
      : { level: "ok", code: "log-size", message: `The write-ahead log has ${megabytes(log)}.` },
    { level: "ok", code: "size", message: `The file has ${megabytes(bytes)}, of which ${megabytes(free)} are free to be used again.` }
  ]
}

const ofKeys = (keys: string): ReadonlyArray<Finding> =>
  existsSync(keys) ? [{ level: "ok", code: "keys", message: `The keys of personal data are in ${keys}.` }] : []
