import { join } from "node:path"

import type { Position, ScopedStore } from "@omni/core"
import { beginOf, type LogReader, storeOf, type Target, trimLog } from "@omni/core/upkeep"

import { ArchiveMismatch } from "../errors.ts"
import { digest, digestOf, eventsBetween, lineOf } from "./digest.ts"
import { type ArchivePart, partsIn } from "./manifest.ts"
import { fileName } from "./names.ts"
import { nextPart } from "./plan.ts"
import { folderFor, writePart } from "./write.ts"

/** What goes to files, and where they are. */
export interface ArchiveOptions {
  /** A folder of the archive's own. Each tenant has one of its own in it. */
  readonly to: string
  /** Events that were recorded before this instant (epoch ms). */
  readonly before: number
  /** One tenant; all of them unless told. */
  readonly tenant?: string
  /** `false` writes the files and leaves the log as it is. */
  readonly trim?: boolean
  /** Trims also what a reactor, a feed or the dead letter of an event still needs: see `trimLog`. */
  readonly force?: boolean
}

/** What came of it in one tenant. */
export interface Archived {
  readonly tenant: string
  /** What was written now. */
  readonly parts: ReadonlyArray<ArchivePart>
  /** The log can be read from here on. */
  readonly from: Position
  /** Who still needs what is archived: it stays in the log for them. */
  readonly heldBy: ReadonlyArray<LogReader>
}

/**
 * Moves the older part of the log into files: for each tenant and month one, of the events as they are stored, a line each, packed with
 * gzip. Personal data stays sealed. A file is on the disk and read back before its manifest is written, and that before the log is
 * trimmed; so a run may end at any point, and the next one goes on from there. Where files and log are not the same it is an
 * `ArchiveMismatch`, and nothing is trimmed.
 */
export const archiveLog = async (target: Target, options: ArchiveOptions): Promise<ReadonlyArray<Archived>> => {
  const driver = storeOf(target)
  const all: Array<Archived> = []
  for (const tenant of options.tenant === undefined ? (await driver.scopes()).map(({ scope }) => scope) : [options.tenant])
    all.push(await archiveTenant(target, await driver.open(tenant), tenant, options))
  return all
}

const archiveTenant = async (target: Target, store: ScopedStore, tenant: string, options: ArchiveOptions): Promise<Archived> => {
  const { to, before, trim = true, force = false } = options
  const folder = join(to, fileName(tenant))
  const begin = await beginOf(store)
  const there = await partsIn(folder)
  for (const part of there) await confirm(store, folder, tenant, part, begin)
  let covered = there.reduce((upto, { last }) => later(upto, last as Position), begin)
  let heldBy: ReadonlyArray<LogReader> = []
  const clear = async (upto: Position): Promise<void> => {
    if (trim && upto !== "") heldBy = (await trimLog(target, { tenant, upto, force })).heldBy
  }
  // What an earlier run has written and not come to trim, or not to the end.
  await clear(covered)
  const parts: Array<ArchivePart> = []
  for (let part = await nextPart(store, covered, before); part !== undefined; part = await nextPart(store, covered, before)) {
    await folderFor(folder)
    parts.push(await writePart(store, folder, tenant, covered, part))
    covered = part.last
    await clear(covered)
  }
  return { tenant, parts, from: await beginOf(store), heldBy: force ? [] : heldBy }
}

/** As far as the events of a part are still in the log, they must be the ones in its file: else it is another log's. */
const confirm = async (store: ScopedStore, folder: string, tenant: string, part: ArchivePart, begin: Position): Promise<void> => {
  const file = join(folder, part.file)
  if (part.tenant === tenant && part.last <= begin) return
  const { position: end } = await store.read([])
  const log = digest()
  if (part.tenant === tenant && part.last <= end)
    for await (const { body } of eventsBetween(store, later(begin, part.after as Position), part.last as Position)) log.add(lineOf(body))
  const { count, sha256 } = log.end()
  const kept = count > 0 && count <= part.count ? await digestOf(file, part.count - count) : undefined
  if (kept?.count === count && kept.sha256 === sha256) return
  throw new ArchiveMismatch({
    file,
    message: `${file} does not hold what the log of "${tenant}" has from ${part.first} to ${part.last}: it is damaged, or another log's. Nothing was trimmed. Use a folder of its own for each store.`
  })
}

const later = (a: Position, b: Position): Position => (a > b ? a : b)
