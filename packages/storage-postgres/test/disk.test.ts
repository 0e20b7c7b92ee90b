import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"

import { postgres } from "@omni/storage-postgres"
import { afterAll, describe, expect, it } from "vitest"

import { type PostgresServer, startPostgres } from "../../../scripts/postgres/server.ts"
import { mountable, smallDisk } from "./disk.ts"
import { everything } from "./everything.ts"
import { asOwner, temporarySchema } from "./helpers.ts"
import { goOn, isWhole, worker } from "./workers.ts"

const folder = mkdtempSync(join(tmpdir(), "omni-full-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const until = async (what: string, done: () => boolean | Promise<boolean>): Promise<void> => {
  for (let waited = 0; !(await done()); waited++) {
    if (waited === 800) throw new Error(`not so: ${what}`)
    await setTimeout(25)
  }
}

/** Processes place orders while the space for rows ends, and go on once there is some again. */
const whileFull = async (server: PostgresServer, schema: string, { fill, free }: { fill(): unknown; free(): unknown }) => {
  const delivered = join(folder, schema)
  const workers = await Promise.all(["a", "b"].map((side) => worker(server.url, schema, side, delivered)))
  await until("both place orders", () => workers.every((one) => one.placed().length > 20))
  await fill()
  await until("both are told", () => workers.every((one) => one.errors().includes("disk is full")))

  const omni = everything(postgres(server.url, { schema }), delivered)
  const place = (order: number) => omni.t.safe.place({ order: `full-${order}`, subject: "somebody" }, { timeout: 10_000 })
  // A page that is there may have room for one more.
  let order = 0
  let took = 0
  await until("a third one is told", async () => {
    const began = performance.now()
    const placed = await place(++order)
    took = performance.now() - began
    if (!placed.ok) expect(placed.error).toMatchObject({ _tag: "StoreUnavailable", message: expect.stringContaining("disk is full") })
    return !placed.ok
  })
  expect(took, "who is refused is told at once").toBeLessThan(5_000)
  const [before] = await asOwner(server.url, `select id from ${schema}.t_orders limit 1`)
  expect(await omni.t.names({ orders: [String(before!["id"])] }), "what is there can be read").toEqual([`name of ${String(before!["id"])}`])

  await free()
  await goOn(workers)
  expect(await place(order)).toMatchObject({ ok: true })
  await omni.close()
  const acknowledged = (await Promise.all(workers.map((one) => one.kill()))).flat()
  return isWhole(server.url, schema, { acknowledged, delivered })
}

it(
  "tells who could not be served that there is no space, by an injected fault of code 53100, and loses nothing",
  { timeout: 120_000 },
  async () => {
    const server = await startPostgres()
    const { schema } = await temporarySchema(server.url)
    // Not even a refusal can be noted.
    const fill = () =>
      asOwner(
        server.url,
        `create function ${schema}.full() returns trigger language plpgsql as $$ begin raise exception 'full' using errcode = '53100'; end $$;
      create trigger full_disk before insert on ${schema}.commit for each row execute function ${schema}.full()`
      )
    const free = () => asOwner(server.url, `drop trigger full_disk on ${schema}.commit`)
    expect(await whileFull(server, schema, { fill, free })).toBeGreaterThan(20)
    await server.stop()
  }
)

describe.skipIf(!mountable)("on small disks (skipped where none may be mounted)", () => {
  it("tells who could not be served that there is no space for rows, loses nothing, and goes on", { timeout: 120_000 }, async () => {
    const server = await startPostgres()
    const disk = smallDisk(48)!
    try {
      await asOwner(server.url, `create tablespace small location '${disk.folder}'`)
      await asOwner(server.url, "alter role postgres set default_tablespace = 'small'")
      const { schema } = await temporarySchema(server.url)
      expect(await whileFull(server, schema, { fill: () => disk.fill(256), free: disk.free })).toBeGreaterThan(20)
    } finally {
      await server.stop()
      disk.remove()
    }
  })

  it("loses and doubles nothing when the server panics for want of space for its log, and goes on", { timeout: 120_000 }, async () => {
    const disk = smallDisk(40)!
    const server = await startPostgres({
      initdb: ["--waldir", disk.folder, "--wal-segsize=1"],
      settings: { min_wal_size: "2MB", max_wal_size: "8MB" }
    })
    try {
      const { schema } = await temporarySchema(server.url)
      const delivered = join(folder, schema)
      // A busy server is quick enough to use the files of its log again, and would never want another one.
      await asOwner(server.url, "select pg_create_physical_replication_slot('keeps_all', true)")
      const workers = await Promise.all(["a", "b"].map((side) => worker(server.url, schema, side, delivered)))
      await until("both place orders", () => workers.every((one) => one.placed().length > 20))
      disk.fill(0)
      const isDown = () =>
        asOwner(server.url, "select 1").then(
          () => false,
          () => true
        )
      await until("the log is full", isDown)
      expect(readFileSync(join(server.folder, "log"), "utf8")).toContain("PANIC")
      await setTimeout(500)
      disk.free()
      await server.kill()
      await server.start()
      await asOwner(server.url, "select pg_drop_replication_slot('keeps_all')")
      await goOn(workers)
      const acknowledged = (await Promise.all(workers.map((one) => one.kill()))).flat()
      expect(await isWhole(server.url, schema, { acknowledged, delivered })).toBeGreaterThan(20)
    } finally {
      await server.stop()
      disk.remove()
    }
  })
})
