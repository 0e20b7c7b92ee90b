import { createHash, randomBytes } from "node:crypto"
import { createReadStream, createWriteStream } from "node:fs"
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGzip } from "node:zlib"

import type { Position, ScopedStore } from "@omni/core"

import { ArchiveDamaged } from "../errors.ts"
import { digest, type Digest, digestOf, eventsBetween, lineOf } from "./digest.ts"
import type { ArchivePart } from "./manifest.ts"
import { manifestFile, partFile } from "./names.ts"
import type { Planned } from "./plan.ts"

/** Lines that are packed at once. */
const LINES = 256

/** What a run that was ended left half-written goes when it is this old (ms): nobody is at it any more. */
const STALE = 3_600_000

/** What is written has reached the disk under its name, all of it, or there is no file of that name. */
const written = async (
  folder: string,
  name: string,
  text: Iterable<string> | AsyncIterable<string>,
  packed: boolean,
  check?: (path: string) => Promise<void>
) => {
  const temporary = join(folder, `${name}.${randomBytes(6).toString("hex")}.part`)
  try {
    const to = createWriteStream(temporary, { flags: "wx", flush: true })
    await (packed ? pipeline(Readable.from(text), createGzip(), to) : pipeline(Readable.from(text), to))
    await check?.(temporary)
    await rename(temporary, join(folder, name))
  } finally {
    await rm(temporary, { force: true })
  }
  await sync(folder)
}

/** A new name is on the disk when its folder is. */
const sync = async (folder: string): Promise<void> => {
  // Windows has no such thing.
  if (process.platform === "win32") return
  const handle = await open(folder, "r")
  await handle.sync().finally(() => handle.close())
}

export const folderFor = async (folder: string): Promise<void> => {
  const made = await mkdir(folder, { recursive: true })
  if (made !== undefined) await sync(join(made, ".."))
}

/** Writes one part: its file, read back and compared with what the log gave, and then its manifest, by which it counts. */
export const writePart = async (
  store: ScopedStore,
  folder: string,
  tenant: string,
  after: Position,
  planned: Planned
): Promise<ArchivePart> => {
  const file = partFile(planned)
  const log = digest()
  let events: Digest | undefined
  async function* chunks(): AsyncGenerator<string, void> {
    let lines: Array<string> = []
    for await (const { body } of eventsBetween(store, after, planned.last)) {
      const line = lineOf(body)
      log.add(line)
      if (lines.push(line) < LINES) continue
      yield lines.join("")
      lines = []
    }
    yield lines.join("")
  }
  await written(folder, file, chunks(), true, async (path) => {
    events = log.end()
    const read = await digestOf(path)
    if (read.sha256 === events.sha256 && read.count === events.count) return
    throw new ArchiveDamaged({ file: path, message: `${path} does not read back as it was written. Nothing was trimmed; see to the disk.` })
  })
  const { sha256, bytes } = await fileDigest(join(folder, file))
  const { count, ...content } = events!
  const part: ArchivePart = { version: 1, tenant, ...planned, file, after, count, bytes, sha256, events: content }
  await written(folder, manifestFile(file), [`${JSON.stringify(part, undefined, 2)}\n`], false)
  await removeLeft(folder, file)
  return part
}

export const fileDigest = async (path: string): Promise<{ readonly bytes: number; readonly sha256: string }> => {
  const hash = createHash("sha256")
  await pipeline(createReadStream(path), hash)
  return { sha256: hash.digest("hex"), bytes: (await stat(path)).size }
}

/** Removes what runs that were ended have left: files that began where this one does and got no manifest, and what is half-written. */
const removeLeft = async (folder: string, file: string): Promise<void> => {
  const names = await readdir(folder)
  const beginning = file.slice(0, file.lastIndexOf("-") + 1)
  for (const name of names) {
    const path = join(folder, name)
    const unfinished = name !== file && name.startsWith(beginning) && name.endsWith(".ndjson.gz") && !names.includes(manifestFile(name))
    const stale = name.endsWith(".part") && Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Infinity) > STALE
    if (unfinished || stale) await rm(path, { force: true })
  }
}
