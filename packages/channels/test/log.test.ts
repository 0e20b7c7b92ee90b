import { AddressRejected, type ChannelDriver, channels, MessageFailed, MessageSent, recorder } from "@omni/channels"
import { createOmni, DeliveryFailed, event, module, operation } from "@omni/core"
import { memory } from "@omni/core/memory"
import fc from "fast-check"
import { assert, it } from "vitest"
import * as z from "zod"

import { clockAt } from "./clock.ts"
import { jane, news, NOON, open } from "./shop.ts"

/** A driver that does as it is told. */
const told = (send: ChannelDriver["send"], idempotent = true): ChannelDriver => ({
  specVersion: 1,
  kind: "email",
  capabilities: { idempotent, timeout: 1_000 },
  send
})

const shop = (driver: ChannelDriver, options: { readonly unknown?: "drop" | "retry" } = {}) => {
  const clock = clockAt(NOON)
  const module = channels({ recipient: () => jane, drivers: { email: driver }, ...options })
  return { clock, omni: createOmni({ store: memory(), clock, modules: { channels: module } }) }
}

it("is one message for one key, however often it is asked for", async () => {
  const { drivers, omni } = open()
  const [first, ...others] = await Promise.all([1, 2, 3].map(() => omni.channels.send({ ...news, key: "k1" })))
  for (const other of others) assert.deepEqual(other, first)
  await omni.drain()
  assert.equal(drivers.email.messages.length, 1)
  assert.equal((await omni.channels.send({ ...news, key: "k1" })).status, "sent")
})

it("moves on only: what was given up fails, and is sent after all when somebody redrives it", async () => {
  let broken = true
  const { omni } = shop(
    told(async () => {
      if (broken) throw new DeliveryFailed("the account is closed", { retry: false })
      return { providerId: "p1" }
    })
  )
  const { message } = await omni.channels.send(news)
  await omni.drain()
  const failed = await omni.channels.message({ message })
  assert.deepEqual([failed.status, failed.error], ["failed", "the account is closed"])
  broken = false
  const [letter] = (await omni.deadLetters({ kind: "message" })).items
  await omni.redrive(letter?.id ?? "")
  await omni.drain()
  assert.equal((await omni.channels.message({ message })).status, "sent")
  const { events } = await omni.events({ types: [MessageSent, MessageFailed] })
  assert.deepEqual(
    events.map(({ subject, type }) => [type, subject]),
    [
      ["channels.MessageFailed", "jane"],
      ["channels.MessageSent", "jane"]
    ]
  )
})

it("suppresses an address that the provider refuses for good", async () => {
  const { omni } = shop(told(() => Promise.reject(new AddressRejected("no such mailbox"))))
  await omni.channels.send(news)
  await omni.drain()
  assert.equal((await omni.channels.send({ ...news, category: "transactional" })).reasons[0]?.code, "suppressed")
})

it("tries an unknown outcome again only where the provider deduplicates or the app says so", async () => {
  for (const [idempotent, unknown, tries] of [
    [true, "drop", 2],
    [false, "retry", 2],
    [false, "drop", 1]
  ] as const) {
    let tried = 0
    const { clock, omni } = shop(
      told(async () => (++tried === 1 ? Promise.reject(new Error("connection lost")) : { providerId: "p1" }), idempotent),
      { unknown }
    )
    const { message } = await omni.channels.send(news)
    for (let i = 0; i < 3; i++) {
      await omni.drain()
      clock.advance(60_000)
    }
    assert.equal(tried, tries)
    assert.equal((await omni.channels.message({ message })).status, tries === 2 ? "sent" : "failed")
  }
})

it("refuses payloads that providers would refuse", async () => {
  const outgoing = { message: "m", customer: "jane", purpose: "p", category: "transactional" } as const
  const send = (
    kind: "email" | "sms" | "push",
    address: string,
    content: { subject?: string; text: string; data?: Record<string, string> }
  ) =>
    recorder(kind)
      .send({ ...outgoing, kind, address, content }, { key: "k", signal: new AbortController().signal })
      .then(
        () => "taken",
        (error: unknown) => (error instanceof AddressRejected ? "address" : String(error))
      )
  assert.equal(await send("email", "jane@example.com", { subject: "Hi", text: "Hi" }), "taken")
  assert.equal(await send("email", "jane", { subject: "Hi", text: "Hi" }), "address")
  assert.match(await send("email", "jane@example.com", { text: "Hi" }), /subject/)
  assert.equal(await send("sms", "030 123456", { text: "Hi" }), "address")
  assert.equal(await send("sms", "+4930123456", { text: "Hi" }), "taken")
  assert.match(await send("sms", "+4930123456", { text: "a".repeat(1531) }), /11 segments/)
  assert.equal(await send("push", "short", { subject: "Hi", text: "Hi" }), "address")
  assert.match(await send("push", "token-of-jane", { text: "Hi" }), /title/)
  assert.match(await send("push", "token-of-jane", { subject: "Hi", text: "Hi", data: { cart: "c".repeat(4096) } }), /4096 at most/)
})

it("shows one log of customers who became one, in pages that miss and repeat nothing", async () => {
  const Merged = event("test.Merged", z.object({ from: z.string(), into: z.string() }))
  const tell = operation("test.merge", z.object({ from: z.string(), into: z.string() }), function* (tx, data) {
    tx.emit(Merged, data.into, data)
  })
  const people = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.integer({ min: 0, max: 1 })), { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(people, fc.integer({ min: 1, max: 5 }), async (sends, limit) => {
      const clock = clockAt(NOON)
      const talk = channels({
        recipient: (_, profile) => ({ ...jane, profile }),
        drivers: { email: recorder("email") },
        customersMerged: Merged
      })
      const merging = module("test", { events: [Merged], operations: { tell } })
      const omni = createOmni({ store: memory(), clock, modules: { channels: talk, merging } })
      const sent: Array<string> = []
      for (const [customer, wait] of sends) {
        clock.advance(wait)
        sent.push((await omni.channels.send({ ...news, customer })).message)
      }
      await omni.merging.tell({ from: "b", into: "a" })
      await omni.merging.tell({ from: "c", into: "b" })
      await omni.merging.tell({ from: "b", into: "a" })
      await omni.drain()
      const seen: Array<{ readonly id: string; readonly at: number }> = []
      let after: string | undefined
      do {
        const page = await omni.channels.messagesOf({ customer: "a", limit, ...(after === undefined ? {} : { after }) })
        assert.isAtMost(page.items.length, limit)
        seen.push(...page.items.map(({ id, row }) => ({ id, at: row.at })))
        after = page.cursor
      } while (after !== undefined)
      assert.deepEqual(seen.map(({ id }) => id).sort(), sent.sort())
      assert.deepEqual(
        seen.map(({ at }) => at),
        seen.map(({ at }) => at).sort((left, right) => right - left)
      )
    }),
    { numRuns: 40 }
  )
}, 30_000)
