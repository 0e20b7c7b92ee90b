import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"

import { PGlite } from "@electric-sql/pglite"
import { createOmni } from "@omni/core"
import { pglite } from "@omni/storage-postgres/pglite"
import { afterAll, expect, it } from "vitest"

import { sales } from "../sales.ts"

const child = join(import.meta.dirname, "../children/sell-embedded.ts")

const folder = mkdtempSync(join(tmpdir(), "omni-pglite-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A process that sells for a while and is then killed: the keys of the sales that it was told had landed. */
const sellAndDie = async (name: string, after: number): Promise<ReadonlyArray<string>> => {
  const running = spawn(process.execPath, ["--conditions=@omni/source", child, folder, name], { stdio: ["ignore", "pipe", "inherit"] })
  let said = ""
  running.stdout.setEncoding("utf8").on("data", (text: string) => (said += text))
  await once(running.stdout, "data")
  await setTimeout(after)
  running.kill("SIGKILL")
  await once(running, "close")
  return said.slice(0, said.lastIndexOf("\n")).split("\n")
}

/** Sales, their events and receipts came and went together: as many of each, and all that were acknowledged are among them. */
const isWhole = async (acknowledged: ReadonlyArray<string>): Promise<number> => {
  const db = new PGlite(folder)
  const omni = createOmni({ store: pglite(db), modules: { sales } })
  const count = async () => {
    const { rows } = await db.query<{ readonly sold: number }>(
      `select (select sum((value->>'sold')::int)::int from omni.sales_counts) as sold, (select count(*)::int from omni.event) as events,
      (select count(distinct (subject, body->'data'->>'sold'))::int from omni.event) as distinct_events,
      (select count(*)::int from omni.receipts) as receipts`
    )
    const { sold } = rows[0]!
    expect(rows[0]).toEqual({ sold, events: sold, distinct_events: sold, receipts: sold })
    return sold
  }
  const sold = await count()
  expect(new Set(acknowledged).size).toBe(acknowledged.length)
  expect(sold).toBeGreaterThanOrEqual(acknowledged.length)
  // Who asks again under the key of an acknowledged sale gets its answer, and nothing more is sold.
  for (const key of acknowledged) await omni.sales.sell({ article: `article-${Number(key.split("-").at(-1)) % 5}` }, { key })
  expect(await count()).toBe(sold)
  await omni.close()
  await db.close()
  return sold
}

it("keeps every acknowledged sale, once, when its process is killed at any moment", { timeout: 120_000 }, async () => {
  const acknowledged: Array<string> = []
  let before = 0
  for (let round = 0; round < 3; round++) {
    acknowledged.push(...(await sellAndDie(`round${round}`, Math.random() * 300)))
    const sold = await isWhole(acknowledged)
    expect(sold).toBeGreaterThan(before)
    before = sold
  }
})
