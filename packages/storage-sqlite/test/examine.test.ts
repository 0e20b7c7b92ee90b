import { existsSync, writeFileSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"

import type { StoreDriver } from "@omni/core"
import { sqlite } from "@omni/storage-sqlite"
import { expect, it } from "vitest"

import { temporary } from "./helpers.ts"

const wrong = async (store: StoreDriver) => {
  const { layout, findings } = await store.examine!()
  return [layout, findings.filter(({ level }) => level !== "ok").map(({ level, code }) => `${level} ${code}`)]
}

it("finds no file, a foreign one, a newer one, and one that is in order, and changes none of them", async () => {
  const path = temporary()
  const store = sqlite(path)
  expect(await wrong(store)).toEqual([0, ["problem layout"]])
  expect(existsSync(path)).toBe(false)
  await store.migrate()
  expect(await wrong(store)).toEqual([1, []])
  await store.close()

  const db = new DatabaseSync(path)
  db.exec("pragma user_version = 7; pragma journal_mode = delete")
  db.close()
  const later = sqlite(path)
  expect(await wrong(later)).toEqual([7, ["problem layout", "warning journal"]])
  expect(await later.examine!()).toMatchObject({ supported: 1 })

  const letter = temporary("letter.txt")
  writeFileSync(letter, "Dear editor, ".repeat(100))
  expect(await wrong(sqlite(letter))).toEqual([0, ["problem layout"]])
  const foreign = temporary("foreign.db")
  new DatabaseSync(foreign).exec("create table guest (name text)")
  expect(await wrong(sqlite(foreign))).toEqual([0, ["problem layout"]])
  expect(await wrong(sqlite(":memory:"))).toEqual([1, []])
})
