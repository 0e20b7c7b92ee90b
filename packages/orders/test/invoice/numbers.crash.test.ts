import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { setTimeout } from "node:timers/promises"

import { afterAll, assert, it } from "vitest"

import { clerk } from "./clerk.ts"
import { request } from "./office.ts"

const folder = mkdtempSync(join(tmpdir(), "omni-invoices-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Starts a process that issues invoices; what it says it has issued, by its own count. */
const start = (path: string, name: string, from: number) => {
  const child: ChildProcess = spawn(
    process.execPath,
    ["--conditions=@omni/source", join(import.meta.dirname, "clerk.ts"), path, name, String(from)],
    { stdio: ["ignore", "pipe", "inherit"] }
  )
  const said = new Map<number, string>()
  let isReady = (): void => {}
  let isOver = (): void => {}
  const ready = new Promise<void>((resolve, reject) => {
    isReady = resolve
    isOver = () => reject(new Error(`the process "${name}" ended before it was ready`))
  })
  const ended = new Promise<void>((resolve) => {
    createInterface(child.stdout!)
      .on("line", (line) => {
        const [n, number] = line.split(" ")
        if (number === undefined) isReady()
        else said.set(Number(n), number)
      })
      .on("close", () => {
        isOver()
        resolve()
      })
  })
  return { child, said, ready, ended }
}

it("has neither gap nor double after processes were killed, at any moment, while others went on", { timeout: 300_000 }, async () => {
  const path = join(folder, "shop.db")
  const told = new Map<string, string>()
  const next: Record<string, number> = { a: 0, b: 0, c: 0 }
  for (let round = 0; round < 5; round++) {
    const clerks = Object.entries(next).map(([name, from]) => ({ name, ...start(path, name, from) }))
    await Promise.all(clerks.map(({ ready }) => ready))
    for (const { child, ended } of clerks) {
      await setTimeout(60 + Math.random() * 120)
      child.kill("SIGKILL")
      await ended
    }
    for (const { name, said } of clerks) {
      for (const [n, number] of said) {
        const before = told.get(`${name} ${n}`)
        assert.equal(number, before ?? number, "a key was answered with two numbers")
        told.set(`${name} ${n}`, number)
      }
      // Begins again where it is not sure of having been: the keys make that harmless.
      next[name] = Math.max(next[name]!, ...said.keys(), 0) - (Math.max(next[name]!, ...said.keys(), 0) % 4)
    }
  }
  assert.isAbove(told.size, 30, "the processes did next to nothing")
  const omni = clerk(path)
  // Whoever did not hear of its invoice asks again, and is told of the same one.
  for (const [key, number] of told) assert.equal((await omni.invoices.issueInvoice(request(), { key })).number, number)
  const sequences: Array<number> = []
  for (let after: string | undefined; ;) {
    const page = await omni.invoices.documents({ by: { legalEntity: "omni-es" }, limit: 1000, ...(after === undefined ? {} : { after }) })
    sequences.push(...page.items.map(({ row }) => row.sequence))
    if (page.cursor === undefined) break
    after = page.cursor
  }
  assert.deepEqual(
    sequences.sort((a, b) => a - b),
    sequences.map((_, i) => i + 1)
  )
  assert.isAtLeast(sequences.length, told.size)
  console.log(`${sequences.length} invoices of 15 processes that were killed: no gap, none twice`)
  await omni.close()
})
