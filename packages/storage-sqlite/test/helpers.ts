import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import type { Check, Commit, CommitResult, EventWrite, IndexQuery, Position, Write } from "@omni/core"
import { afterEach } from "vitest"

const folders: Array<string> = []

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), "omni-sqlite-"))

/** The path of a file in a folder that is removed after the test. */
export const temporary = (name = "shop.db"): string => {
  const folder = temporaryFolder()
  folders.push(folder)
  return join(folder, name)
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

let count = 0

export const commitOf = (parts: Partial<Commit>): Commit => ({
  id: `cmt-${process.pid}-${++count}`,
  time: 1_000,
  retry: false,
  checks: [],
  writes: [],
  events: [],
  ...parts
})

export const put = (collection: string, id: string, value: unknown, more: Partial<Write> = {}): Write => ({
  key: { collection, id },
  row: { schema: 1, value: JSON.stringify(value) },
  add: [],
  drop: [],
  due: undefined,
  ...more
})

export const removal = (collection: string, id: string, more: Partial<Write> = {}): Write => ({
  key: { collection, id },
  row: undefined,
  add: [],
  drop: [],
  due: undefined,
  ...more
})

export const check = (collection: string, id: string, version: Position | undefined): Check => ({ key: { collection, id }, version })

export const event = (type: string, subject: string): EventWrite => ({
  type,
  subject,
  time: 1_000,
  body: JSON.stringify({ type, subject })
})

export const query = (parts: Partial<IndexQuery>): IndexQuery => ({
  collection: "c",
  index: "",
  from: "",
  to: "\u{10ffff}",
  order: "asc",
  limit: 10,
  after: undefined,
  ...parts
})

export const landed = (result: CommitResult): Position => {
  if (result._tag !== "Committed") throw new Error(`not committed: ${JSON.stringify(result)}`)
  return result.position
}
