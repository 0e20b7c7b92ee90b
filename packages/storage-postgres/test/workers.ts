import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { setTimeout } from "node:timers/promises"

import { postgres } from "@omni/storage-postgres"
import { expect } from "vitest"

import { everything } from "./everything.ts"
import { asOwner } from "./helpers.ts"

/** A process of the app, and the orders that it was told had been placed. */
export const worker = async (url: string, schema: string, name: string, delivered: string) => {
  const child = `${import.meta.dirname}/children/work.ts`
  const running = spawn(process.execPath, ["--conditions=@omni/source", child, url, schema, name, delivered], {
    stdio: ["ignore", "pipe", "pipe"]
  })
  let said = ""
  let errors = ""
  running.stdout.setEncoding("utf8").on("data", (text: string) => (said += text))
  running.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text))
  await Promise.race([once(running.stdout, "data"), once(running, "close")])
  if (said === "") throw new Error(errors)
  const placed = () => said.slice(0, Math.max(0, said.lastIndexOf("\n"))).split("\n")
  return {
    placed,
    isRunning: () => running.exitCode === null && running.signalCode === null,
    errors: () => errors,
    kill: async (): Promise<ReadonlyArray<string>> => {
      running.kill("SIGKILL")
      if (running.exitCode === null && running.signalCode === null) await once(running, "close")
      return placed()
    }
  }
}

/** Waits until each of them has been told of more orders than it was. */
export const goOn = async (workers: ReadonlyArray<Awaited<ReturnType<typeof worker>>>, within = 30_000): Promise<void> => {
  const before = workers.map((one) => one.placed().length)
  const until = performance.now() + within
  while (workers.some((one, i) => one.placed().length <= before[i]!)) {
    for (const one of workers) if (!one.isRunning()) throw new Error(one.errors())
    expect(performance.now(), "the same processes go on").toBeLessThan(until)
    await setTimeout(20)
  }
}

const linesOf = (delivered: string) =>
  readFileSync(delivered, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [kind = "", id = "", order = ""] = line.split(" ")
      return { kind, id, order }
    })

const ordersOf = async (url: string, schema: string): Promise<ReadonlyArray<string>> =>
  (await asOwner(url, `select id from ${schema}.t_orders order by id`)).map(({ id }) => String(id))

interface Effects {
  readonly orders: number
  readonly reacted: number
  readonly timed: number
}

const effectsOf = async (url: string, schema: string): Promise<Effects> => {
  const sum = (field: keyof Effects) => `sum((value->>'${field}')::int)::int as ${field}`
  const [row] = await asOwner(url, `select ${sum("orders")}, ${sum("reacted")}, ${sum("timed")} from ${schema}.t_counts`)
  return { orders: Number(row!["orders"]), reacted: Number(row!["reacted"]), timed: Number(row!["timed"]) }
}

/**
 * Works off what is left, then holds everything against the orders that there are: all that were acknowledged, each once, with one effect
 * of its reactor and its timer; its receipt went out under one id, its letter once or it is held. Answers how many orders there are.
 */
export const isWhole = async (
  url: string,
  schema: string,
  { acknowledged, delivered, before = [] }: { acknowledged: ReadonlyArray<string>; delivered: string; before?: ReadonlyArray<string> }
): Promise<number> => {
  let orders = await ordersOf(url, schema)
  const there = new Set(orders)
  expect(
    acknowledged.filter((order) => !there.has(order)),
    "lost"
  ).toEqual([])
  expect(new Set(acknowledged).size, "acknowledged twice").toBe(acknowledged.length)

  const omni = everything(postgres(url, { schema }), delivered)
  const lacking = async () => {
    // What a process had sent when it was killed may be committed after that.
    orders = await ordersOf(url, schema)
    const lines = linesOf(delivered)
    const receipts = new Set(lines.filter(({ kind }) => kind === "receipt").map(({ order }) => order))
    const letters = new Set(lines.filter(({ kind }) => kind === "letter").map(({ order }) => order))
    for await (const order of heldOf(omni)) letters.add(order)
    const { reacted, timed } = await effectsOf(url, schema)
    const [waiting] = await asOwner(url, `select count(*)::int as n from ${schema}.messages where due is not null`)
    return {
      reacted: orders.length - reacted,
      timed: orders.length - timed,
      receipts: orders.filter((order) => !receipts.has(order)).length,
      letters: orders.filter((order) => !letters.has(order)).length,
      waiting: waiting!["n"]
    }
  }
  const nothing = { reacted: 0, timed: 0, receipts: 0, letters: 0, waiting: 0 }
  let left = await lacking()
  for (const until = performance.now() + 20_000; JSON.stringify(left) !== JSON.stringify(nothing) && performance.now() < until;) {
    await omni.drain()
    await setTimeout(100)
    left = await lacking()
  }
  expect(left, "what was never done, or done too often").toEqual(nothing)
  expect(await effectsOf(url, schema)).toEqual({ orders: orders.length, reacted: orders.length, timed: orders.length })
  expect(
    await asOwner(
      url,
      `select count(*)::int as n, count(distinct body->'data'->>'order')::int as d from ${schema}.event where type = 't.Placed'`
    )
  ).toEqual([{ n: orders.length, d: orders.length }])

  const known = new Set(orders)
  const ids = new Map<string, string>()
  const letters = new Map<string, number>()
  for (const { kind, id, order } of linesOf(delivered)) {
    if (!known.has(order) || before.includes(order)) continue
    expect(ids.get(kind + order) ?? id, `the ${kind} of ${order} went out under two ids`).toBe(id)
    ids.set(kind + order, id)
    if (kind === "letter") letters.set(order, (letters.get(order) ?? 0) + 1)
  }
  expect(
    [...letters].filter(([, times]) => times > 1),
    "letters sent twice"
  ).toEqual([])

  // What is sealed can be opened, and who asks again under a key gets its answer, and nothing more is placed.
  for (let at = 0; at < orders.length; at += 200) {
    const some = orders.slice(at, at + 200)
    expect(await omni.t.names({ orders: some })).toEqual(some.map((order) => `name of ${order}`))
  }
  await omni.close()
  return orders.length
}

async function* heldOf(omni: ReturnType<typeof everything>): AsyncGenerator<string> {
  for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
    const page = await omni.heldMessages({ limit: 200, ...(after === undefined ? {} : { after }) })
    for (const { row } of page.items) yield (row.payload as { readonly order: string }).order
    after = page.cursor
  }
}
