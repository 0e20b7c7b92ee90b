import { existsSync } from "node:fs"
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"

import * as z from "zod"

import { ArchiveDamaged } from "../errors.ts"
import { manifestFile } from "./names.ts"

const Manifest = z.object({
  version: z.literal(1),
  tenant: z.string(),
  month: z.string(),
  file: z.string(),
  after: z.string(),
  first: z.string(),
  last: z.string(),
  count: z.int().min(1),
  bytes: z.int(),
  sha256: z.string(),
  events: z.object({ bytes: z.int(), sha256: z.string() })
})

/** What is in one file of an archive: the events of a tenant from position `first` to `last`, all of them recorded in `month` (UTC). */
export interface ArchivePart {
  readonly version: 1
  readonly tenant: string
  readonly month: string
  /** The name of the file beside the manifest. */
  readonly file: string
  /** From where the log was read: no event lies between it and `first`. */
  readonly after: string
  readonly first: string
  readonly last: string
  readonly count: number
  /** Of the file itself. */
  readonly bytes: number
  readonly sha256: string
  /** Of what is packed in it: a line of JSON for each event. */
  readonly events: { readonly bytes: number; readonly sha256: string }
}

export const readManifest = async (path: string): Promise<ArchivePart> => {
  const text = await readFile(path, "utf8").catch(() => undefined)
  if (text === undefined)
    throw new ArchiveDamaged({
      file: path,
      message: `There is no manifest ${path}: the file beside it is not finished, or not an archive's.`
    })
  const parsed = Manifest.safeParse(json(text))
  if (!parsed.success) throw new ArchiveDamaged({ file: path, message: `${path} is no manifest of an archive.` })
  return parsed.data
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The parts of a tenant's folder, in the order of the log. */
export const partsIn = async (folder: string): Promise<ReadonlyArray<ArchivePart>> => {
  if (!existsSync(folder)) return []
  const names = await readdir(folder)
  const files = names.filter((name) => name.endsWith(".ndjson.gz") && names.includes(manifestFile(name)))
  const parts = await Promise.all(files.map((name) => readManifest(join(folder, manifestFile(name)))))
  return parts.toSorted((a, b) => (a.first < b.first ? -1 : 1))
}
