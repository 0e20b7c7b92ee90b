import { smtp } from "@omni/channel-smtp"
import { channels, type Recipient } from "@omni/channels"
import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import type { SMTPServerOptions } from "smtp-server"
import { assert, it } from "vitest"

import { reply, serve } from "./server.ts"

const jane: Recipient = {
  profile: "jane",
  addresses: { email: "jane@example.com" },
  consents: [{ purpose: "news", status: "granted", at: 0 }],
  preferred: []
}
const news = { customer: "jane", purpose: "news", category: "marketing", content: { subject: "New", text: "Shavers" } } as const

const shop = async (options: SMTPServerOptions = {}, after?: Parameters<typeof serve>[1]) => {
  const server = await serve(options, after)
  let ahead = 0
  const clock = {
    now: () => Date.now() + ahead,
    sleep: (milliseconds: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds)
        signal?.addEventListener("abort", () => {
          clearTimeout(timer)
          resolve()
        })
      })
  }
  const omni = createOmni({
    store: memory(),
    clock,
    modules: { channels: channels({ recipient: () => jane, drivers: { email: smtp(server.options) } }) }
  })
  return { server, omni, later: (milliseconds: number) => void (ahead += milliseconds) }
}

it("tries a greylisted message again, and delivers it once", async () => {
  let asked = 0
  const { later, omni, server } = await shop({
    onRcptTo: (_, __, done) => (++asked === 1 ? done(reply(450, "4.2.0 Greylisted, come back in 5 minutes")) : done())
  })
  const { message } = await omni.channels.send(news)
  await omni.drain()
  later(4 * 60_000)
  await omni.drain()
  assert.equal((await omni.channels.message({ message })).status, "queued")
  later(61_000)
  await omni.drain()
  await omni.drain()
  const logged = await omni.channels.message({ message })
  assert.equal(logged.status, "sent")
  assert.equal(server.mails.length, 1)
  assert.include(server.mails[0], logged.providerId)
  await server.close()
})

it("fails a message to an address that is gone, and writes to it no more", async () => {
  const { omni, server } = await shop({ onRcptTo: (_, __, done) => done(reply(550, "5.1.1 No such user")) })
  const { message } = await omni.channels.send(news)
  await omni.drain()
  assert.equal((await omni.channels.message({ message })).status, "failed")
  const next = await omni.channels.send({ ...news, category: "transactional" })
  assert.deepEqual(
    next.reasons.map(({ code }) => code),
    ["suppressed", "no-kind"]
  )
  assert.deepEqual((await omni.deadLetters()).items, [])
  await server.close()
})

it("leaves a message whose end nobody knows to somebody: it is neither sent twice nor called sent", async () => {
  const { later, omni, server } = await shop({}, () => "drop")
  const { message } = await omni.channels.send(news)
  for (let i = 0; i < 3; i++) {
    await omni.drain()
    later(3_600_000)
  }
  assert.equal(server.mails.length, 1)
  const logged = await omni.channels.message({ message })
  assert.equal(logged.status, "failed")
  assert.match(logged.error ?? "", /Nobody knows whether it went out/)
  const [letter] = (await omni.deadLetters({ kind: "message" })).items
  await omni.redrive(letter?.id ?? "")
  await omni.drain()
  assert.equal(server.mails.length, 2)
  await server.close()
})
