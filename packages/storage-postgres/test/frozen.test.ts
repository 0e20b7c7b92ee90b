import { spawn } from "node:child_process"
import { once } from "node:events"
import { setTimeout } from "node:timers/promises"

import { postgres } from "@omni/storage-postgres"
import { it } from "vitest"

import { asOwner, commitOf, landed, put, temporarySchema } from "./helpers.ts"
import { network } from "./network.ts"

/** Whoever has the commit lock and says nothing more: the others wait for him, but not for ever. */

it.concurrent(
  "does not let the shop stand still for a process that is frozen with the commit lock",
  { timeout: 40_000 },
  async ({ expect }) => {
    const made = await temporarySchema()
    const holder = spawn(
      process.execPath,
      ["--conditions=@omni/source", `${import.meta.dirname}/children/hold.ts`, made.url, made.schema, "30000"],
      {
        stdio: ["ignore", "pipe", "inherit"]
      }
    )
    await once(holder.stdout, "data")
    holder.kill("SIGSTOP")
    const driver = made.open({ lockTimeout: 25_000 })
    const began = performance.now()
    landed(await (await driver.open("main")).commit(commitOf({ writes: [put("a", 1)] })))
    expect(performance.now() - began).toBeLessThan(17_000)
    holder.kill("SIGKILL")
    await once(holder, "close")
    await driver.close()
    await made.dispose()
  }
)

it.concurrent("does not let the shop stand still for a commit of which half has come", { timeout: 40_000 }, async ({ expect, skip }) => {
  const made = await temporarySchema()
  const [version] = await asOwner(made.url, "select current_setting('server_version_num')::int as number")
  if (Number(version!["number"]) < 170_000) return skip("PostgreSQL before 17 has no transaction_timeout")
  const line = await network(made.url)
  const half = postgres(line.url, { schema: made.schema, lockTimeout: 1_000, timeout: 60_000, listen: false, prepare: false })
  await half.migrate(["test.things"])
  const store = await half.open("main")
  let frozen = 0
  line.decide((sent) => {
    const at = sent.indexOf(`insert into "${made.schema}"."test_things"`)
    if (at < 0) return undefined
    frozen++
    return { pass: at, after: "freeze" }
  })
  const lost = store.commit(commitOf({ writes: [put("a", "half")] })).catch(() => "lost")
  while (frozen === 0) await setTimeout(10)
  const driver = made.open({ lockTimeout: 25_000 })
  const began = performance.now()
  landed(await (await driver.open("main")).commit(commitOf({ writes: [put("a", "whole")] })))
  const took = performance.now() - began
  expect(took, "the half commit had the lock").toBeGreaterThan(1_000)
  expect(took).toBeLessThan(20_000)
  line.close()
  expect(await lost).toBe("lost")
  expect(await asOwner(made.url, `select value #>> '{}' as value from ${made.schema}.test_things`)).toEqual([{ value: "whole" }])
  await Promise.all([half.close(), driver.close()])
  await made.dispose()
})
