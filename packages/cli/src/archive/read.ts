import { basename, dirname, join } from "node:path"

import { ArchiveDamaged } from "../errors.ts"
import { digestOf, linesOf } from "./digest.ts"
import { type ArchivePart, readManifest } from "./manifest.ts"
import { manifestFile } from "./names.ts"
import { fileDigest } from "./write.ts"

/** Compares a file of an archive with its manifest, which it answers. What differs is `ArchiveDamaged`. */
export const checkArchive = async (path: string): Promise<ArchivePart> => {
  if (!path.endsWith(".ndjson.gz"))
    throw new ArchiveDamaged({ file: path, message: `${path} is no file of an archive: those end in .ndjson.gz.` })
  const part = await readManifest(join(dirname(path), manifestFile(basename(path))))
  const damaged = (what: string) => new ArchiveDamaged({ file: path, message: `${path} is damaged: ${what}. Take it from another copy.` })
  const { sha256, bytes } = await fileDigest(path).catch((error: unknown) => {
    throw damaged(String(error))
  })
  if (bytes !== part.bytes) throw damaged(`it has ${bytes} bytes, and its manifest says ${part.bytes}`)
  if (sha256 !== part.sha256) throw damaged("its SHA-256 is not that of its manifest")
  const events = await digestOf(path)
  if (events.count !== part.count || events.sha256 !== part.events.sha256)
    throw damaged("it does not hold the events that its manifest says")
  return part
}

/**
 * The events of a file of an archive, in the order of the log: CloudEvents as JSON, as they were stored. Personal data is sealed. The file
 * is compared with its manifest first, so that nothing of a damaged one is answered.
 */
export async function* readArchive(path: string): AsyncGenerator<string, void> {
  await checkArchive(path)
  yield* linesOf(path)
}
