import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"

import type { Commit, Position } from "@omni/core"
import { sqlite } from "@omni/storage-sqlite"

import { compare, isLong, median, type Run } from "../../../scripts/bench/harness.ts"

/** What a commit costs beside the same rows and events written by hand, prepared and in one transaction, with full sync. */

interface Written {
  readonly id: string
  readonly row: string
  readonly event: string
}

const folder = mkdtempSync(join(tmpdir(), "omni-bench-"))
let files = 0
let ids = 0

const rowsOf = (size: number): ReadonlyArray<Written> =>
  Array.from({ length: size }, (_, n) => {
    const id = `rsv_${String(++ids).padStart(12, "0")}`
    const row = JSON.stringify({ sku: `sku-${n}`, quantity: 1, status: "held", expiresAt: 1_790_000_000_000 + n })
    const event = JSON.stringify({
      specversion: "1.0",
      id: `evt_${id}`,
      source: "omni/main",
      type: "inventory.StockReserved",
      data: { id }
    })
    return { id, row, event }
  })

/** The median of the milliseconds that one commit takes. */
const timed = async (size: number, write: (rows: ReadonlyArray<Written>) => unknown): Promise<number> => {
  const times: Array<number> = []
  for (let n = 0; n < (size > 1 ? 20 : 300) * (isLong ? 3 : 1); n++) {
    const rows = rowsOf(size)
    const began = performance.now()
    await write(rows)
    times.push(performance.now() - began)
  }
  return median(times)
}

const ours =
  (size: number): Run =>
  async () => {
    const driver = sqlite(join(folder, `${files++}.db`))
    const store = await driver.open("main")
    const stock = { collection: "inventory.stock", id: "sku-1" }
    let version: Position | undefined
    const write = (id: string, collection: string, value: string): Commit["writes"][number] => ({
      key: { collection, id },
      row: { schema: 1, value },
      add: [],
      drop: [],
      due: undefined
    })
    const millis = await timed(size, async (rows) => {
      const commit: Commit = {
        id: rows[0]!.id,
        time: 1,
        retry: false,
        checks: [{ key: stock, version }],
        writes: [write(stock.id, stock.collection, rows[0]!.row), ...rows.map(({ id, row }) => write(id, "inventory.reservations", row))],
        events: rows.map(({ event }) => ({ type: "inventory.StockReserved", subject: "sku-1", time: 1, body: event }))
      }
      const result = await store.commit(commit)
      if (result._tag !== "Committed") throw new Error(result._tag)
      version = result.position
    })
    await driver.close()
    return millis
  }

const byHand =
  (size: number): Run =>
  async () => {
    const db = new DatabaseSync(join(folder, `${files++}.db`))
    db.exec(`pragma journal_mode=wal; pragma synchronous=full;
    create table stock (id text primary key, version integer not null, value text not null) without rowid;
    create table reservation (id text primary key, version integer not null, value text not null) without rowid;
    create table event (position integer primary key, type text not null, subject text not null, body text not null)`)
    const read = db.prepare("select version from stock where id = ?")
    const write = db.prepare("insert into stock values (?, 1, ?) on conflict do update set version = version + 1, value = excluded.value")
    const reservation = db.prepare("insert into reservation values (?, 1, ?)")
    const recorded = db.prepare("insert into event (type, subject, body) values (?, ?, ?)")
    const [begin, commit] = [db.prepare("begin immediate"), db.prepare("commit")]
    const millis = await timed(size, (rows) => {
      begin.run()
      read.get("sku-1")
      write.run("sku-1", rows[0]!.row)
      for (const { id, row, event } of rows) {
        reservation.run(id, row)
        recorded.run("inventory.StockReserved", "sku-1", event)
      }
      commit.run()
    })
    db.close()
    return millis
  }

for (const size of [1, 64, 1024]) {
  await compare({
    bench: "storage-sqlite",
    case: `commit of ${size} rows and ${size} events`,
    unit: "ms",
    better: "lower",
    rounds: 5,
    ours: ours(size),
    peers: { "hand-written SQL": byHand(size) }
  })
}
rmSync(folder, { recursive: true, force: true })
