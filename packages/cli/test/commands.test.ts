import { join } from "node:path"
import { createInterface } from "node:readline"

import { main } from "@omni/cli"
import { createOmni } from "@omni/core"
import { describe, expect, it } from "vitest"

import { modules } from "./children/shop.ts"
import { app, atEnd, begin, omni, said, type World, worlds } from "./helpers.ts"

const onlyModules = join(import.meta.dirname, "children/only-modules.ts")

/** An app on the store, whose clock can be set, in this process. */
const opened = (world: World) => {
  let late = 0
  const clock = {
    now: () => Date.now() + late,
    sleep: (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, Math.min(ms, 50)))
  }
  const client = createOmni({ store: world.open(), clock, modules, verify: false })
  return {
    client,
    /** Works as long as something may be tried again, while everything of the app fails. */
    async fail() {
      process.env["SHOP_BROKEN"] = "yes"
      atEnd(() => delete process.env["SHOP_BROKEN"])
      for (let i = 0; i < 10; i++) {
        await client.drain()
        late += 3_600_000
      }
      late = 0
      delete process.env["SHOP_BROKEN"]
    }
  }
}

describe.each(worlds)("on %s", { timeout: 60_000 }, (_, make) => {
  it("migrates once and again, with the collections of an app, by its client or its modules", async () => {
    const world = await make()
    expect(await said(["lag", ...world.args])).toMatchObject({
      code: 3,
      error: expect.stringMatching(/^omni: StoreNotReady: .*migrate.*\n$/)
    })
    expect((await said(["doctor", "--json", ...world.args])).json()).toMatchObject({ well: false })
    expect(omni(["migrate", "--app", app, "--json"], world.env).json()).toMatchObject({
      from: 0,
      to: 1,
      collections: expect.arrayContaining(["shop.counts", "omni.receipts"])
    })
    expect(omni(["migrate", "--app", onlyModules, ...world.args], world.env)).toMatchObject({
      code: 0,
      out: "The store is ready: layout 1.\n"
    })
    const { findings } = (await said(["doctor", "--json", ...world.args])).json<{
      findings: ReadonlyArray<{ level: string; code: string }>
    }>()
    // The server that tests share waits for no disk.
    const wrong = findings.filter(({ level, code }) => level !== "ok" && code !== "fsync" && code !== "synchronous-commit")
    expect(wrong).toEqual([])
    expect((await said(["lag", ...world.args])).code).toBe(0)
  })

  it("lists dead letters, shows them, and redrives them", async () => {
    const world = await make()
    const { client, fail } = opened(world)
    await client.shop.sell({ article: "mug", n: 1, who: "p1", email: "jeanne@example.org" })
    await client.tenant("other").shop.sell({ article: "cup", n: 2 })
    await fail()

    const all = (await said(["dead-letters", "list", "--json", ...world.args])).json<{ items: ReadonlyArray<Record<string, string>> }>()
      .items
    expect(all.map(({ tenant, kind, name, error }) => `${tenant} ${kind} ${name} ${error}`).toSorted()).toEqual([
      "default event shop.count Error",
      "default message shop.mail DeliveryFailed",
      "default timer shop.restock Error",
      "other event shop.count Error",
      "other timer shop.restock Error"
    ])
    const listed = await said(["dead-letters", "--kind", "timer", "--tenant", "other", ...world.args])
    expect(listed.out.trim().split("\n")).toEqual([
      expect.stringMatching(/^ID +TENANT/),
      expect.stringMatching(/ other +timer +shop\.restock +Error +8 /)
    ])
    const page = (await said(["dead-letters", "--tenant", "default", "--limit", "1", "--json", ...world.args])).json<{
      items: ReadonlyArray<Record<string, string>>
      more: ReadonlyArray<{ cursor: string }>
    }>()
    const next = await said([
      "dead-letters",
      "--tenant",
      "default",
      "--limit",
      "1",
      "--after",
      page.more[0]!.cursor,
      "--json",
      ...world.args
    ])
    expect(next.json<typeof page>().items[0]!["id"]).not.toBe(page.items[0]!["id"])

    const id = (tenant: string, name: string) => all.find((letter) => letter["tenant"] === tenant && letter["name"] === name)!["id"]!
    const mail = await said(["dead-letters", "show", id("default", "shop.mail"), "--values", "--json", ...world.args])
    expect(mail.json()).toMatchObject({ name: "shop.mail", error: "DeliveryFailed", owner: "p1", sealed: true })
    const timer = await said(["dead-letters", "show", id("other", "shop.restock"), "--values", "--json", ...world.args])
    expect(timer.json()).toMatchObject({ message: "no supplier has cup", values: { input: { article: "cup" } } })
    expect((await said(["dead-letters", "show", id("other", "shop.restock"), ...world.args])).out).not.toContain("values")

    // An event runs the app's own code, which has to be there, and may refuse once more.
    const events = ["dead-letters", "redrive", "--all", "--kind", "event"]
    expect(await said([...events, ...world.args])).toMatchObject({
      code: 3,
      error: expect.stringMatching(/^omni: AppNeeded: .*--app <file>\.\n$/)
    })
    const refused = omni([...events, "--app", app], { ...world.env, SHOP_BROKEN: "yes" })
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining("0 redriven, 2 refused.") })
    expect(refused.out).toContain("cannot count cup")
    expect(refused.out + refused.error + mail.out).not.toContain("jeanne")
    expect(omni([...events, "--app", onlyModules, ...world.args])).toMatchObject({
      code: 0,
      out: expect.stringContaining("2 redriven, 0 refused.")
    })
    // What only goes back to where it came from needs no app.
    expect(await said(["dead-letters", "redrive", "--all", ...world.args])).toMatchObject({
      code: 0,
      out: expect.stringContaining("3 redriven, 0 refused.")
    })
    expect((await said(["dead-letters", ...world.args])).out).toBe("There is no dead letter.\n")
    await client.drain()
    expect((await client.deadLetters()).items).toEqual([])
    expect(await said(["dead-letters", "redrive", "dead_none", ...world.args])).toMatchObject({
      code: 2,
      error: 'omni: There is no dead letter "dead_none".\n'
    })
  })

  it("lists held messages and settles them, running what the app does at their end", async () => {
    const world = await make()
    const { client, fail } = opened(world)
    for (const [n, article] of ["mug", "cup", "bowl"].entries()) await client.shop.sell({ article, n })
    await fail()
    const held = async () =>
      (await said(["held", "--json", ...world.args])).json<ReadonlyArray<{ items: ReadonlyArray<{ id: string; topic: string }> }>>()[0]!
        .items
    const ids = (await held()).map(({ id }) => id)
    expect((await held()).map(({ topic }) => topic)).toEqual(["shop.slip", "shop.slip", "shop.slip"])
    const settle = (id: string, as: string, ...more: ReadonlyArray<string>) => omni(["held", "settle", id, "--as", as, ...more], world.env)
    expect(settle(ids[0]!, "delivered", ...world.args)).toMatchObject({ code: 3, error: expect.stringContaining("--app") })
    expect(settle(ids[0]!, "delivered", "--app", app).code).toBe(0)
    expect(settle(ids[1]!, "failed", "--app", app).code).toBe(0)
    expect(settle(ids[2]!, "retry", ...world.args).code).toBe(0)
    expect(settle(ids[2]!, "lost", ...world.args)).toMatchObject({ code: 2, error: expect.stringContaining("delivered, retry, failed") })
    expect(await held()).toEqual([])
    const letters = (await client.deadLetters({ kind: "message" })).items.map(({ row }) => row.name)
    expect(letters).toEqual(["shop.slip"])
    const store = await world.open().open("default")
    const ended = await store.read(["mug", "cup", "bowl"].map((article) => ({ collection: "shop.counts", id: `ended ${article}` })))
    expect(ended.rows.filter((row) => row !== undefined)).toHaveLength(1)
    const { total } = (await said(["lag", "--json", ...world.args])).json<{ total: { outbox: { count: number } } }>()
    expect(total.outbox.count).toBe(1)
  })

  it("says how much waits, and what is wrong with it", async () => {
    const world = await make()
    const { client, fail } = opened(world)
    await client.shop.sell({ article: "mug", n: 1 }, { key: "k" })
    const fresh = omni(["lag", "--json", "--app", app], world.env).json<Record<string, unknown>>()
    expect(fresh).toMatchObject({
      total: { timers: { count: 1 }, outbox: { count: 1, tries: 0 }, held: { count: 0 }, deadLetters: { count: 0 } },
      tenants: [
        {
          tenant: "default",
          readers: [
            { name: "shop.count", events: { count: 1 } },
            { name: "shop.never", events: { count: 0 } }
          ]
        }
      ]
    })
    expect((await said(["lag", ...world.args])).out).toMatch(/reactor shop\.count +\S.* \? \(--app\)/)
    await fail()
    const doctor = omni(["doctor", "--app", app], world.env)
    expect(doctor.code).toBe(1)
    expect(doctor.out).toMatch(/warning +dead-letters: Dead letters: 2/)
    expect(doctor.out).toMatch(/warning +held: Held messages: 1/)
    expect((await said(["receipts", "--json", ...world.args])).json()).toMatchObject([{ receipts: { count: 1 }, expired: { count: 0 } }])
    expect((await said(["receipts", "purge", ...world.args])).out).toBe("0 receipts removed.\n")
  })
})

describe("the command line", () => {
  const wrong: ReadonlyArray<readonly [ReadonlyArray<string>, RegExp]> = [
    [["sell"], /no command "sell"/],
    [["lag"], /Which store\?/],
    [["lag", "--store", "redis://localhost"], /begins with postgres:\/\//],
    [["lag", "--store", "a.db", "--schema", "x"], /--schema is for PostgreSQL/],
    [["lag", "--shop"], /--shop/],
    [["lag", "now", "--store", "a.db"], /takes no "now"/],
    [["dead-letters", "redrive", "--store", "a.db"], /or say --all/],
    [["log", "archive", "--store", "a.db", "--to", "x"], /Before when\?/],
    [["log", "archive", "--store", "a.db", "--to", "x", "--before", "tomorrow"], /takes a date/],
    [["migrate", "--print", "--store", "a.db"], /--print is for PostgreSQL/],
    [["migrate", "--app", "nowhere.ts", "--store", "a.db"], /no file .*nowhere\.ts/],
    [["migrate", "--app", join(import.meta.dirname, "../src/errors.ts"), "--store", "a.db"], /exports neither `omni`/]
  ]

  it.each(wrong)("refuses %j with a line that says what fits", async (args, fits) => {
    const { code, out, error } = await said(args)
    expect({ code, out }).toEqual({ code: 2, out: "" })
    expect(error).toMatch(fits)
    expect(error.trimEnd().split("\n")).toHaveLength(1)
  })

  it("explains itself, and each of its commands", async () => {
    const help = await said(["--help"])
    expect(help.code).toBe(0)
    const names = [...help.out.matchAll(/^ {2}omni ((?:[a-z-]+ ?)+?)(?: [<[].*?)? {2,}/gm)].map(([, name]) => name!.trim())
    expect(names).toHaveLength(13)
    for (const name of names) expect((await said([...name.split(" "), "--help"])).out).toContain(`omni ${name}`)
  })

  it("says it again and again when it is to watch, and colours only what is for a terminal", async () => {
    const world = await worlds[0]![1]()
    await world.open().migrate()
    const { child, ended } = begin(["lag", "--watch", "--every", "1", "--json", ...world.args])
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    const seen = [await lines.next(), await lines.next()].map(({ value }) => (JSON.parse(value ?? "") as { at: number }).at)
    expect(seen[1]! - seen[0]!).toBeGreaterThanOrEqual(900)
    child.kill("SIGKILL")
    await ended
    const shown = async (color: boolean) => {
      const out: Array<string> = []
      await main(["doctor", ...world.args], { out: (text) => void out.push(text), error: () => {}, color, env: {} })
      return out.join("")
    }
    expect(await shown(true)).toContain("\u001b[32mok")
    expect(await shown(false)).not.toContain("\u001b")
  })

  it("makes no file of a path that was mistyped, and leaves one that is no store as it is", async () => {
    const { args, env } = await worlds[0]![1]()
    for (const command of ["lag", "doctor", "dead-letters", "held", "receipts"])
      expect((await said([command, ...args])).code).toBeGreaterThan(0)
    const { existsSync, writeFileSync, readFileSync } = await import("node:fs")
    expect(existsSync(env["SHOP"]!)).toBe(false)
    writeFileSync(
      env["SHOP"]!,
      "a letter to the editor, long enough for a header of SQLite, and then some more of it, to be sure about it."
    )
    expect((await said(["doctor", ...args])).out).toMatch(/problem +layout: .*not an Omni store/)
    expect(readFileSync(env["SHOP"]!, "utf8")).toMatch(/^a letter/)
  })
})
