import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import type { Readable } from "node:stream"
import { createGunzip } from "node:zlib"

import type { Position, ScopedStore } from "@omni/core"

/** Events read from the log at a time. */
const PAGE = 1000

/** An event of the log as its line in a file. JSON holds line breaks between its parts only, so none is lost. */
export const lineOf = (body: string): string => `${body.replaceAll("\n", " ")}\n`

/** The events of a log after one position up to another, as they are stored. */
export async function* eventsBetween(
  store: ScopedStore,
  after: Position,
  last: Position
): AsyncGenerator<{ readonly position: Position; readonly body: string }, void> {
  for (let at = after; at < last;) {
    const page = await store.events(at, PAGE)
    if (page._tag === "PositionExpired") throw new Error(`The log was trimmed to ${page.oldest} while it was read from ${at}.`)
    for (const event of page.events) {
      if (event.position > last) return
      yield event
    }
    if (page.upto === at) return
    at = page.upto
  }
}

/** How many lines there are, their length, and a hash of them. */
export interface Digest {
  readonly count: number
  readonly bytes: number
  readonly sha256: string
}

export const digest = () => {
  const hash = createHash("sha256")
  let [count, bytes] = [0, 0]
  return {
    add(line: string): void {
      const encoded = Buffer.from(line)
      hash.update(encoded)
      count++
      bytes += encoded.byteLength
    },
    end: (): Digest => ({ count, bytes, sha256: hash.digest("hex") })
  }
}

/** The lines of a packed file, without their breaks. */
export async function* linesOf(path: string): AsyncGenerator<string, void> {
  const file = createReadStream(path)
  const unpacked = createGunzip()
  file.on("error", (error) => unpacked.destroy(error))
  try {
    yield* split(file.pipe(unpacked))
  } finally {
    file.destroy()
    unpacked.destroy()
  }
}

/** At line feeds alone: `readline` also breaks at U+2028, which JSON may hold as it is. */
async function* split(stream: Readable): AsyncGenerator<string, void> {
  stream.setEncoding("utf8")
  let rest = ""
  for await (const chunk of stream as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n")
    rest = lines.pop()!
    yield* lines
  }
  if (rest !== "") yield rest
}

/** What is in a packed file, but its first lines. */
export const digestOf = async (path: string, skip = 0): Promise<Digest> => {
  const made = digest()
  let n = 0
  for await (const line of linesOf(path)) if (n++ >= skip) made.add(`${line}\n`)
  return made.end()
}
