import { createHash } from "node:crypto"
import { Readable } from "node:stream"

import type { Outgoing } from "@omni/channels"
import type { SendMailOptions } from "nodemailer"

import type { SmtpOptions } from "./options.ts"

/**
 * The header fields that are signed: those that a reader sees, and both of one-click unsubscription, which RFC 8058 asks for. Each is
 * named once more than it occurs where a second one would deceive (RFC 6376, 8.15).
 */
export const SIGNED_FIELDS =
  "From:From:Sender:Reply-To:Subject:Subject:Date:Message-ID:To:To:Cc:MIME-Version:Content-Type:Content-Transfer-Encoding:" +
  "List-Unsubscribe:List-Unsubscribe-Post"

/** The mail that a message is. Its Message-ID comes of the key, so that every try of it is one mail to whoever compares them. */
export const mailOf = (options: SmtpOptions, message: Outgoing, key: string): SendMailOptions => {
  const from = typeof options.from === "function" ? options.from(message) : options.from
  const { html, subject, text } = message.content
  return {
    from,
    to: { name: "", address: message.address },
    ...(options.replyTo === undefined ? {} : { replyTo: options.replyTo }),
    subject: subject ?? "",
    text,
    ...(html === undefined ? {} : { html }),
    messageId: messageIdOf(key, from),
    headers: headersOf(options, message),
    // A text is a text: nothing of it may name a file or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true
  }
}

/** `<hash of the key@domain of the sender>`. */
const messageIdOf = (key: string, from: string): string => {
  const domain = /@([^\s<>@]+)>?\s*$/.exec(from)?.[1] ?? "localhost"
  return `<${createHash("sha256").update(key).digest("hex").slice(0, 40)}@${domain}>`
}

const headersOf = ({ unsubscribe }: SmtpOptions, message: Outgoing): Record<string, string | { prepared: true; value: string }> => {
  const common = {
    ...(message.locale === undefined ? {} : { "Content-Language": message.locale }),
    ...(message.category === "transactional" ? { "Auto-Submitted": "auto-generated" } : {})
  }
  if (unsubscribe === undefined || message.category !== "marketing") return common
  const { mailto, url } = unsubscribe(message)
  const targets = [url, ...(mailto === undefined ? [] : [`mailto:${mailto}`])]
  return {
    ...common,
    "List-Unsubscribe": { prepared: true, value: targets.map(bracketed).join(", ") },
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"
  }
}

const bracketed = (target: string): string => {
  if (!/^(?:https|mailto):[^\s<>]+$/.test(target))
    throw new TypeError(`"${target.slice(0, 80)}" cannot stand in List-Unsubscribe: give an https address or a mail address.`)
  return `<${target}>`
}

/** The same bytes; `begun` is told when the first of them is read, which is after the server has answered DATA. */
export const gate = (source: Readable, begun: () => void): Readable => {
  const passed = async function* () {
    begun()
    yield* source
  }
  return Readable.from(passed(), { objectMode: false })
}
