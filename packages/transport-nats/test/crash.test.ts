import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"

import { afterEach, beforeEach, describe, expect, it } from "vitest"

import { counter, EVENTS, hearer, Heard, SUBJECTS, transport } from "./children/apps.ts"
import { missing, oneServer, type Servers } from "./server.ts"
import { bySubject, counting, everything, expected } from "./taken.ts"

let servers: Servers
let folder: string
beforeEach(async () => {
  if (missing !== undefined) return
  servers = await oneServer()
  folder = mkdtempSync(join(tmpdir(), "omni-nats-apps-"))
})
afterEach(async () => {
  if (missing !== undefined) return
  await servers[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const url = (): string => servers.urls.join(",")
const file = (name: string): string => join(folder, name)

/** Lets an app run in a process of its own until something has happened, and kills it. */
const killed = async (child: string, path: string, happened: () => Promise<unknown>): Promise<void> => {
  const args = ["--conditions=@omni/source", `${import.meta.dirname}/children/${child}.ts`, path, url(), "log"]
  const running = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] })
  await once(running.stdout, "data")
  await happened()
  running.kill("SIGKILL")
  await once(running, "close")
}

const counted = async (from: number, to: number): Promise<void> => {
  const omni = counter(file("counter.db"), url(), "log")
  await Promise.all(Array.from({ length: to - from }, (_, i) => omni.count.count({ n: from + i })))
  await omni.close()
}

const subjects = Array.from({ length: SUBJECTS }, (_, s) => `subject ${s}`)

/** What the hearing app has in its store. */
const heard = async (omni: ReturnType<typeof hearer>): Promise<Readonly<Record<string, ReadonlyArray<number>>>> => {
  const rows = await omni.transact((tx) => tx.getMany(Heard, subjects))
  return Object.fromEntries(subjects.map((subject, i) => [subject, rows[i]?.numbers ?? []]))
}

describe.skipIf(missing !== undefined)(`processes that are killed${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  it("a publisher leaves nothing out, doubles nothing and keeps the order, when it comes back past the window of duplicates", async () => {
    const log = transport(url(), "log")
    const published = async () => Number((await log.last("default"))?.sequence ?? 0)
    await counted(0, EVENTS)
    const killedAt: Array<number> = []
    for (let round = 0; round < 3; round++) {
      const before = await published()
      await killed("publisher", file("counter.db"), async () => {
        while ((await published()) === before) await pause(1)
      })
      killedAt.push(await published())
      await pause(400)
    }
    const omni = counter(file("counter.db"), url(), "log")
    const [end] = (await omni.events({ limit: EVENTS })).events.slice(-1)
    expect(killedAt[0]).toBeLessThan(Number(end!.position))
    await omni.drain()
    await omni.close()
    const taken = await everything(log, "look")
    await log.close()
    expect(taken.length).toBe(EVENTS)
    expect(bySubject(taken)).toEqual(expected(EVENTS, SUBJECTS))
  }, 20_000)

  it("consumers let each event take effect once, in order, whichever of them is killed while others go on", async () => {
    await counted(0, EVENTS)
    const omni = counter(file("counter.db"), url(), "log")
    await omni.drain()
    await omni.close()
    const last = hearer(file("hearer.db"), url(), "log")
    const taken = async () => Object.values(await heard(last)).flat().length
    for (let round = 0; round < 3; round++) {
      const until = (await taken()) + 1 + Math.floor(Math.random() * 200)
      await Promise.all(
        [0, 20].map((longer) =>
          killed("consumer", file("hearer.db"), async () => {
            while ((await taken()) < until) await pause(1)
            await pause(longer * Math.random())
          })
        )
      )
    }
    const before = await taken()
    expect(before).toBeLessThan(EVENTS)
    // What the last ones were handling comes again when they have been silent for a second, and the server has seen it.
    for (let has = await taken(), since = Date.now(); has < EVENTS && Date.now() - since < 10_000; await pause(200)) {
      await last.drain()
      const now = await taken()
      if (now > has) since = Date.now()
      has = now
    }
    expect(await heard(last)).toEqual(expected(EVENTS, SUBJECTS))
    await last.close()
  }, 60_000)

  it("the server keeps what it acknowledged, and the rest is published once it is back", async () => {
    const log = transport(url(), "log")
    const events = counting(EVENTS, SUBJECTS)
    const publishing = (async () => {
      for (let at = 0; at < events.length; at += 100) await log.publish(events.slice(at, at + 100))
    })()
    await pause(30)
    await servers.servers[0]!.kill()
    await pause(200)
    await servers.servers[0]!.start()
    await publishing
    const taken = await everything(log, "look")
    await log.close()
    expect(taken.length).toBe(EVENTS)
    expect(bySubject(taken)).toEqual(expected(EVENTS, SUBJECTS))
  }, 30_000)
})
