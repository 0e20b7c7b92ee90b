import { type ChannelDriver, DeliveryFailed, payloadProblems } from "@omni/channels"
import { checkOptions, type KnownOptions } from "@omni/core"
import { createTransport, type SendMailOptions, type SMTPTransportOptions } from "nodemailer"
import DKIM from "nodemailer/lib/dkim"

import { failureOf } from "./failure.ts"
import { gate, mailOf, SIGNED_FIELDS } from "./mail.ts"
import type { DkimKey, SmtpOptions } from "./options.ts"

const TIMEOUT = 60_000

const KNOWN: KnownOptions<SmtpOptions> = {
  url: true,
  host: true,
  port: true,
  secure: true,
  requireTls: true,
  auth: true,
  from: true,
  replyTo: true,
  unsubscribe: true,
  dkim: true,
  idempotent: true,
  timeout: true
}

/**
 * The driver that hands e-mail to an SMTP server. The server's word decides what a failure means; a connection that is lost after the
 * message has begun is an unknown outcome. Throws `TypeError` when neither a URL nor a host is named, and
 * `InvalidOptions` when it is told what there is not.
 */
export const smtp = (options: SmtpOptions): ChannelDriver => {
  checkOptions("smtp()", options, KNOWN, ["from"])
  const timeout = options.timeout ?? TIMEOUT
  const server = serverOf(options, timeout)
  const dkim = options.dkim === undefined ? undefined : signer(options.dkim)
  return {
    specVersion: 1,
    kind: "email",
    capabilities: { idempotent: options.idempotent ?? false, timeout },
    send: async (message, { key, signal }) => {
      const [problem] = payloadProblems(message)
      if (problem !== undefined) throw new DeliveryFailed(`The ${problem.field} cannot be sent: ${problem.problem}.`, { retry: false })
      return handOver(server, dkim, { ...mailOf(options, message, key), signal })
    }
  }
}

const handOver = async (server: SMTPTransportOptions, dkim: DKIM | undefined, mail: SendMailOptions) => {
  let begun = false
  const transport = createTransport(server)
  transport.use("stream", ({ message }, next) => {
    message.processFunc((source) =>
      gate(dkim === undefined ? source : dkim.sign(source), () => {
        begun = true
      })
    )
    next()
  })
  try {
    const { messageId } = await transport.sendMail(mail)
    return { providerId: messageId }
  } catch (error) {
    throw failureOf(error, begun, Date.now())
  } finally {
    transport.close()
  }
}

const serverOf = ({ auth, host, port, requireTls = true, secure, url }: SmtpOptions, timeout: number): SMTPTransportOptions => {
  if (url === undefined && host === undefined) throw new TypeError('Name the mail server: { url: "smtps://…" } or { host }.')
  return {
    ...(url === undefined ? {} : { url }),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(secure === undefined ? {} : { secure }),
    ...(auth === undefined ? {} : { auth: { user: auth.user, pass: auth.password } }),
    requireTLS: requireTls,
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true
  }
}

const signer = ({ domain, privateKey, selector }: DkimKey): DKIM =>
  new DKIM({ domainName: domain, keySelector: selector, privateKey, headerFieldNames: SIGNED_FIELDS })
