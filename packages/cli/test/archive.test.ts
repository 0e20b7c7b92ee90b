import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

import { archiveLog, checkArchive, readArchive } from "@omni/cli"
import { createOmni, event, module, operation, reactor } from "@omni/core"
import { memory } from "@omni/core/memory"
import { storeOf } from "@omni/core/upkeep"
import { expect, it } from "vitest"
import * as z from "zod"

import { linesIn, logOf, over, record } from "./archives.ts"
import { modules } from "./children/shop.ts"
import { app, inSqlite, omni, said, temporaryFolder } from "./helpers.ts"

const JULY = Date.UTC(2026, 6, 1)

it("moves what is older into a file for each tenant and month, as it is stored, and the rest stays", async () => {
  const driver = memory()
  const names = ["default", "A", "a", "a b/../c", ".hidden", "größe", "", "x".repeat(300)]
  const before = new Map<string, ReadonlyArray<string>>()
  for (const name of names) {
    const store = await driver.open(name)
    await record(store, over(8, 200))
    before.set(name, (await logOf(store)).bodies)
  }
  const to = temporaryFolder()
  const archived = await archiveLog(driver, { to, before: JULY })
  expect(archived.map(({ tenant }) => tenant).toSorted()).toEqual(names.toSorted())
  expect(new Set(readdirSync(to).map((folder) => folder.toLowerCase())).size).toBe(names.length)
  for (const { tenant, parts, heldBy } of archived) {
    expect(parts.map(({ month }) => month)).toEqual(["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"])
    expect(heldBy).toEqual([])
    const folder = join(
      to,
      readdirSync(to).find((name) => JSON.stringify(parts[0]) === JSON.stringify(manifestIn(join(to, name), parts[0]!.file)))!
    )
    expect(readdirSync(folder)).toHaveLength(12)
    const { bodies } = await logOf(await driver.open(tenant))
    const lines = linesIn(folder)
    expect([...lines, ...bodies]).toEqual(before.get(tenant))
    expect(lines.every((line) => (JSON.parse(line) as { time: string }).time < "2026-07")).toBe(true)
    expect(bodies.every((line) => (JSON.parse(line) as { time: string }).time >= "2026-07")).toBe(true)
    const read: Array<string> = []
    for (const { file } of parts) for await (const line of readArchive(join(folder, file))) read.push(line)
    expect(read).toEqual(lines)
  }
  expect((await archiveLog(driver, { to, before: JULY })).flatMap(({ parts }) => parts)).toEqual([])
})

const manifestIn = (folder: string, file: string): unknown => {
  const path = join(folder, file.replace(".ndjson.gz", ".json"))
  if (!existsSync(path)) return undefined
  return JSON.parse(readFileSync(path, "utf8"))
}

it("takes an import for as old as what was recorded beside it, whatever time it tells of", async () => {
  const driver = memory()
  const store = await driver.open("default")
  await record(store, [Date.UTC(2026, 2, 1)])
  await record(store, over(1, 5), { imported: true })
  await record(store, [Date.UTC(2026, 2, 20), Date.UTC(2026, 7, 1)])
  await record(store, over(1, 3), { imported: true })
  const to = temporaryFolder()
  const [archived] = await archiveLog(driver, { to, before: JULY })
  expect(archived!.parts.map(({ month, count }) => [month, count])).toEqual([["2026-03", 7]])
  expect((await logOf(store)).bodies).toHaveLength(4)
})

it("goes on in the middle of a month, and leaves no gap and no double between its files", async () => {
  const driver = memory()
  const store = await driver.open("default")
  await record(store, over(2, 100))
  const { bodies } = await logOf(store)
  const to = temporaryFolder()
  for (const day of [10, 10, 20, 45, 200]) await archiveLog(driver, { to, before: Date.UTC(2026, 0, day), trim: day !== 20 })
  expect(linesIn(join(to, "default"))).toEqual(bodies)
  expect((await logOf(store)).bodies).toEqual([])
  const files = readdirSync(join(to, "default")).filter((name) => name.endsWith(".gz"))
  expect(files.map((name) => name.slice(0, 7))).toEqual(["2026-01", "2026-01", "2026-01", "2026-02", "2026-02"])
})

it("trims nothing when the folder is another store's, or its files are damaged", async () => {
  const [one, two] = [memory(), memory()]
  const [mine, other] = [await one.open("default"), await two.open("default")]
  await record(mine, over(2, 20))
  await record(other, over(2, 30), { pad: "!" })
  const to = temporaryFolder()
  await archiveLog(one, { to, before: JULY })
  await expect(archiveLog(two, { to, before: JULY })).rejects.toMatchObject({ _tag: "ArchiveMismatch" })
  expect((await logOf(other)).bodies).toHaveLength(30)

  const own = temporaryFolder()
  const [{ parts }] = (await archiveLog(two, { to: own, before: JULY, trim: false })) as [Awaited<ReturnType<typeof archiveLog>>[0]]
  const file = join(own, "default", parts[0]!.file)
  expect(await checkArchive(file)).toEqual(parts[0])
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.subarray(0, bytes.length - 30))
  await expect(checkArchive(file)).rejects.toMatchObject({ _tag: "ArchiveDamaged" })
  await expect(readArchive(file).next()).rejects.toMatchObject({ _tag: "ArchiveDamaged" })
  await expect(archiveLog(two, { to: own, before: JULY })).rejects.toBeInstanceOf(Error)
  expect((await logOf(other)).bodies).toHaveLength(30)
  expect(await said(["log", "read", file])).toMatchObject({ code: 3, out: "", error: expect.stringMatching(/^omni: ArchiveDamaged: /) })
})

it("keeps personal data sealed, which is gone from the files as well when the person is erased", async () => {
  const world = await inSqlite()
  const client = createOmni({ store: world.open(), modules })
  await client.shop.sell({ article: "mug", n: 1, who: "p1", email: "jeanne@example.org" })
  const to = temporaryFolder()
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  expect(await said(["log", "archive", "--keep", "--before", tomorrow, "--to", to, ...world.args])).toMatchObject({ code: 0 })
  const [line] = linesIn(join(to, "default"))
  expect(line).toContain("$sealed")
  expect(line).not.toContain("jeanne")
  const file = readdirSync(join(to, "default")).find((name) => name.endsWith(".gz"))!
  expect((await said(["log", "read", join(to, "default", file)])).out).toBe(`${line}\n`)
  await client.close()
})

const A = event("t.A", z.object({}))
const emit = operation("t.emit", z.object({}), function* (tx) {
  tx.emit(A, "s", {})
})

it("archives what a reactor still needs, and keeps it in the log until that has it", async () => {
  const t = module("t", { operations: { emit }, reactors: [reactor("t.slow", [A], function* () {})] })
  let now = Date.UTC(2026, 0, 1)
  const clock = { now: () => now, sleep: () => new Promise<void>(() => {}) }
  const client = createOmni({ store: memory(), clock, modules: { t } })
  await client.t.emit({})
  await client.drain()
  await client.t.emit({})
  now = Date.UTC(2026, 1, 1)
  await client.t.emit({})
  const to = temporaryFolder()
  const store = await storeOf(client).open("default")
  const archived = await archiveLog(client, { to, before: JULY })
  expect(archived[0]!.heldBy).toMatchObject([{ kind: "reactor", name: "t.slow" }])
  expect(archived[0]!.parts.map(({ count }) => count)).toEqual([2, 1])
  expect((await logOf(store)).bodies).toHaveLength(2)
  await client.drain()
  expect((await archiveLog(client, { to, before: JULY }))[0]).toMatchObject({ parts: [], heldBy: [] })
  expect((await logOf(store)).bodies).toEqual([])
  expect(linesIn(join(to, "default"))).toHaveLength(3)
  await client.t.emit({})
  await client.drain()
  await client.close()
})

it("moves on what has nothing to take when it knows the app, and only then", { timeout: 60_000 }, async () => {
  const world = await inSqlite()
  const client = createOmni({ store: world.open(), modules })
  await client.drain()
  await client.shop.sell({ article: "mug", n: 1, quiet: true })
  await client.drain()
  await client.shop.sell({ article: "mug", n: 2, quiet: true })
  await client.drain()
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  const to = temporaryFolder()
  const alone = await said(["log", "archive", "--before", tomorrow, "--to", to, ...world.args])
  expect(alone).toMatchObject({ code: 0, out: expect.stringMatching(/kept in the log for .*reactor shop\.never.*\. With --app/) })
  expect((await client.events()).events).toHaveLength(2)
  const known = omni(["log", "archive", "--before", tomorrow, "--to", to, "--app", app], world.env)
  expect(known).toMatchObject({ code: 0, out: "There was nothing to archive.\n" })
  expect((await logOf(await world.open().open("default"))).bodies).toEqual([])
  await client.shop.sell({ article: "mug", n: 3, quiet: true })
  await client.drain()
  const forced = await said(["log", "trim", "--before", tomorrow, "--force", ...world.args])
  expect(forced).toMatchObject({ code: 0, out: expect.stringMatching(/^default: the log begins after \d+\.\n$/) })
  await client.close()
})
