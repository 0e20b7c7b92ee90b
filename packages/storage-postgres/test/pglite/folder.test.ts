import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { PGlite } from "@electric-sql/pglite"
import { pglite } from "@omni/storage-postgres/pglite"
import { storeLaws } from "@omni/testkit"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

let folder: string
let rows: PGlite
let keys: PGlite

const openFolder = async () => {
  rows = new PGlite(join(folder, "rows"))
  keys = new PGlite(join(folder, "keys"))
  await Promise.all([rows.waitReady, keys.waitReady])
}
const closeFolder = () => Promise.all([rows.close(), keys.close()])

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "omni-pglite-"))
  await openFolder()
}, 60_000)
afterAll(async () => {
  await closeFolder()
  rmSync(folder, { recursive: true, force: true })
})

let made = 0

const make = async () => {
  const schema = `test_${made++}`
  const open = () => pglite(rows, { schema, keys })
  return {
    driver: open(),
    reopen: async () => {
      await closeFolder()
      await openFolder()
      return open()
    }
  }
}

/** Those that end a store and come back: the others do not see where it is kept. */
const laws = storeLaws(make).filter(({ name }) => /opened again|a client closes/.test(name))

describe("a folder that is opened again", { timeout: 60_000 }, () => {
  it("is tried by all laws that open a store again", () => {
    expect(laws).toHaveLength(4)
    expect(pglite(rows).capabilities.durability).toBe("process")
  })

  it.each(laws)("$name", async (law) => {
    expect(await law.run()).toEqual({})
  })
})
