import { createVerify, generateKeyPairSync } from "node:crypto"

import { smtp } from "@omni/channel-smtp"
import { AddressRejected, type ChannelDriver, DeliveryFailed, type Outgoing } from "@omni/channels"
import PostalMime from "postal-mime"
import { assert, it } from "vitest"

import { newsletter, reply, serve, tryOf } from "./server.ts"

const rejection = async (driver: ChannelDriver, message: Outgoing = newsletter): Promise<unknown> =>
  driver.send(message, tryOf("k1")).then(
    () => assert.fail("it was sent"),
    (error: unknown) => error
  )

const assertFailed = (error: unknown, retry: boolean): DeliveryFailed => {
  if (!(error instanceof DeliveryFailed)) return assert.fail(`not DeliveryFailed: ${String(error)}`)
  assert.equal(error.retry, retry, error.message)
  return error
}

it("hands over a mail with its text, its alternative and a Message-ID that comes of the key", async () => {
  await using server = await serve()
  const driver = smtp(server.options)
  const first = await driver.send(newsletter, tryOf("k1"))
  const again = await driver.send(newsletter, tryOf("k1"))
  const other = await driver.send(newsletter, tryOf("k2"))
  assert.equal(first.providerId, again.providerId)
  assert.notEqual(first.providerId, other.providerId)
  const mail = await PostalMime.parse(server.mails[0] ?? "")
  assert.equal(mail.subject, newsletter.content.subject)
  assert.equal(mail.from?.address, "shop@example.com")
  assert.equal(mail.from?.name, "The Shop")
  assert.equal(mail.to?.[0]?.address, "jane@example.com")
  assert.equal(mail.text?.trim(), newsletter.content.text)
  assert.equal(mail.html?.trim(), newsletter.content.html)
  assert.equal(mail.messageId, first.providerId)
  assert.match(first.providerId, /^<[0-9a-f]{40}@example\.com>$/)
})

it("sets both headers of one-click unsubscription on marketing alone", async () => {
  await using server = await serve()
  const driver = smtp({
    ...server.options,
    unsubscribe: ({ message }) => ({ url: `https://shop.example.com/u/${message}?s=1`, mailto: "stop@example.com" })
  })
  await driver.send(newsletter, tryOf("k1"))
  await driver.send({ ...newsletter, category: "transactional" }, tryOf("k2"))
  const [marketing, transactional] = await Promise.all(server.mails.map((mail) => PostalMime.parse(mail)))
  const header = (mail: typeof marketing, name: string) => mail?.headers.find(({ key }) => key === name)?.value
  assert.equal(header(marketing, "list-unsubscribe"), "<https://shop.example.com/u/msg_1?s=1>, <mailto:stop@example.com>")
  assert.equal(header(marketing, "list-unsubscribe-post"), "List-Unsubscribe=One-Click")
  assert.equal(header(transactional, "list-unsubscribe"), undefined)
  const unsafe = smtp({ ...server.options, unsubscribe: () => ({ url: "http://shop.example.com/u\r\nBcc: eve@example.com" }) })
  assert.instanceOf(await rejection(unsafe), TypeError)
})

/** Relaxed canonicalization of a header field (RFC 6376, 3.4.2). */
const relaxed = (field: string): string => {
  const at = field.indexOf(":")
  const value = field
    .slice(at + 1)
    .replaceAll(/\r\n/g, "")
    .replaceAll(/[ \t]+/g, " ")
    .trim()
  return `${field.slice(0, at).trim().toLowerCase()}:${value}`
}

it("signs what RFC 8058 asks for, with a signature that verifies", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  await using server = await serve()
  const driver = smtp({
    ...server.options,
    unsubscribe: () => ({ url: `https://shop.example.com/${"u".repeat(120)}` }),
    dkim: { domain: "example.com", selector: "s1", privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString() }
  })
  await driver.send(newsletter, tryOf("k1"))
  const [head = ""] = (server.mails[0] ?? "").split("\r\n\r\n")
  const fields = head
    .replaceAll(/\r\n(?=[ \t])/g, "\u0000")
    .split("\r\n")
    .map((field) => field.replaceAll("\u0000", "\r\n"))
  const signature = fields.find((field) => /^dkim-signature:/i.test(field)) ?? ""
  const named = (/[;\s]h=([^;]+)/.exec(signature)?.[1] ?? "").replaceAll(/\s/g, "").toLowerCase().split(":")
  for (const name of ["from", "subject", "message-id", "list-unsubscribe", "list-unsubscribe-post"]) assert.include(named, name)
  const left = [...fields].reverse()
  const signed = named.flatMap((name) => {
    const at = left.findIndex((field) => field.toLowerCase().startsWith(`${name}:`))
    return at < 0 ? [] : left.splice(at, 1).map((field) => `${relaxed(field)}\r\n`)
  })
  const bare = relaxed(signature.replace(/([;\s]b=)[^;]*/, "$1"))
  const bytes = (/[;\s]b=([^;]+)/.exec(signature)?.[1] ?? "").replaceAll(/\s/g, "")
  assert.isTrue(
    createVerify("RSA-SHA256")
      .update(signed.join("") + bare)
      .verify(publicKey, bytes, "base64")
  )
})

it("takes a 4yz reply as a matter of time, and greylisting as a matter of the time it names", async () => {
  await using server = await serve({ onRcptTo: (_, __, done) => done(reply(451, "4.7.1 Greylisted, try again in 90 seconds")) })
  const before = Date.now()
  const error = assertFailed(await rejection(smtp(server.options)), true)
  assert.approximately((error.notBefore ?? 0) - before, 90_000, 5_000)
  await using busy = await serve({ onMailFrom: (_, __, done) => done(reply(421, "4.3.2 Too busy")) })
  assert.equal(assertFailed(await rejection(smtp(busy.options)), true).notBefore, undefined)
})

it("takes a 5yz reply as final, and knows an address that is gone from a message that is refused", async () => {
  await using gone = await serve({ onRcptTo: (_, __, done) => done(reply(550, "5.1.1 No such user")) })
  assert.instanceOf(assertFailed(await rejection(smtp(gone.options)), false), AddressRejected)
  await using blocked = await serve({ onRcptTo: (_, __, done) => done(reply(550, "5.7.1 Your network is blocked")) })
  assert.notInstanceOf(assertFailed(await rejection(smtp(blocked.options)), false), AddressRejected)
  await using spam = await serve({}, () => reply(554, "5.7.1 Message refused"))
  assert.notInstanceOf(assertFailed(await rejection(smtp(spam.options)), false), AddressRejected)
})

it("does not know what became of a message whose connection was lost after DATA, and says so", async () => {
  await using server = await serve({}, () => "drop")
  const error = await rejection(smtp(server.options))
  assert.notInstanceOf(error, DeliveryFailed)
  assert.equal(server.mails.length, 1)
})

it("knows that nothing went out when the connection was refused, lost before DATA, or not encrypted as it must be", async () => {
  const server = await serve({ onRcptTo: () => server.drop() })
  assertFailed(await rejection(smtp(server.options)), true)
  assertFailed(await rejection(smtp({ ...server.options, requireTls: true })), true)
  await server.close()
  assertFailed(await rejection(smtp(server.options)), true)
  assert.equal(server.mails.length, 0)
})

it("stops when its time is over, and a silent server before DATA has taken nothing", async () => {
  await using server = await serve({ onMailFrom: () => {} })
  const abort = new AbortController()
  const sending = smtp(server.options).send(newsletter, { key: "k1", signal: abort.signal })
  setTimeout(() => abort.abort(new Error("time is over")), 100)
  assertFailed(
    await sending.then(
      () => undefined,
      (error: unknown) => error
    ),
    true
  )
  server.drop()
})

it("refuses a subject or an address that would add headers", async () => {
  await using server = await serve()
  const driver = smtp(server.options)
  const subject = { ...newsletter, content: { ...newsletter.content, subject: "Hello\r\nBcc: eve@example.com" } }
  assertFailed(await rejection(driver, subject), false)
  assertFailed(await rejection(driver, { ...newsletter, address: "jane@example.com\r\nRCPT TO:<eve@example.com>" }), false)
  assert.equal(server.mails.length, 0)
})
