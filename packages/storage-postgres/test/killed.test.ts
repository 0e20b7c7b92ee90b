import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"

import { random } from "@omni/testkit"
import { afterAll, beforeAll, expect, it } from "vitest"

import { type PostgresServer, startPostgres } from "../../../scripts/postgres/server.ts"
import { temporarySchema } from "./helpers.ts"
import { goOn, isWhole, worker } from "./workers.ts"

const seed = Number(process.env["OMNI_SEED"] ?? 4)

let server: PostgresServer
const folder = mkdtempSync(join(tmpdir(), "omni-killed-"))
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

it(
  "does what reactors, timers and the outbox have to do, once, when processes and the server are killed again and again",
  { timeout: 120_000 },
  async () => {
    const { fraction } = random(seed)
    const { schema } = await temporarySchema(server.url)
    const delivered = join(folder, "delivered")
    const acknowledged: Array<string> = []
    for (let round = 0; round < 6; round++) {
      const workers = await Promise.all(["a", "b"].map((side) => worker(server.url, schema, `${side}${round}`, delivered)))
      await setTimeout(fraction() * 400)
      if (round % 2 === 1) {
        await server.kill()
        // Some die while the server is away, too.
        if (fraction() < 0.5) acknowledged.push(...(await workers.pop()!.kill()))
        await server.start()
        await goOn(workers)
      }
      for (const one of workers) {
        await setTimeout(fraction() * 50)
        acknowledged.push(...(await one.kill()))
      }
    }
    expect(await isWhole(server.url, schema, { acknowledged, delivered })).toBeGreaterThan(100)
  }
)
