import { AddressRejected, DeliveryFailed } from "@omni/channels"

/** What an SMTP client says of a failure: its own code, the server's reply code and text, and the command that it answered. */
interface SmtpError extends Error {
  readonly code?: string
  readonly responseCode?: number
  readonly response?: string
  readonly command?: string
}

/** Greylisting asks for minutes (RFC 6647): a server that gives no time is tried again after these. */
const GREYLIST = 5 * 60_000

/** The commands whose reply is about the message. */
const ABOUT_THE_MESSAGE = ["MAIL FROM", "RCPT TO", "DATA"]

/**
 * What a failed try means, by the server's reply (RFC 5321, RFC 3463): 4yz may succeed later, 5yz never will, and 5.1.x to the recipient
 * or a bare 550 says that the address takes no mail. Without a reply, nothing went out as long as no part of the message was read for
 * sending; after that nobody knows, and the error is passed on as it is.
 */
export const failureOf = (error: unknown, begun: boolean, now: number): unknown => {
  if (!(error instanceof Error)) return error
  const { code, command, responseCode } = error as SmtpError
  const says = describe(error)
  // Whatever the server says before the message is about the connection or our credentials: nothing is the matter with the message.
  if (command === undefined || !ABOUT_THE_MESSAGE.includes(command))
    return begun ? error : new DeliveryFailed(says, { retry: !isOurs(code), cause: error })
  if (responseCode !== undefined && responseCode >= 500)
    return command === "RCPT TO" && isAddressProblem(error)
      ? new AddressRejected(says, { cause: error })
      : new DeliveryFailed(says, { retry: false, cause: error })
  if (responseCode !== undefined && responseCode >= 400)
    return new DeliveryFailed(says, {
      retry: true,
      cause: error,
      ...(isGreylisting(error) ? { notBefore: now + (waitIn(error) ?? GREYLIST) } : {})
    })
  return begun ? error : new DeliveryFailed(says, { retry: false, cause: error })
}

/** The client itself refuses such a message, and always will. */
const isOurs = (code: string | undefined): boolean => code === "EENVELOPE" || code === "EMESSAGE"

const describe = ({ code, message }: SmtpError): string => `The mail server did not take the message (${code ?? "SMTP"}): ${message}`

const isAddressProblem = ({ response = "", responseCode }: SmtpError): boolean => {
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})/.exec(response)?.[1]
  // 5.1.8 is about the sender, and 5.1.7 too.
  return enhanced === undefined ? responseCode === 550 || responseCode === 553 : /^5\.1\.(?:[0-6]|10)$/.test(enhanced)
}

const isGreylisting = ({ command, response = "", responseCode }: SmtpError): boolean =>
  command === "RCPT TO" && (responseCode === 450 || responseCode === 451) && /grey|gray|4\.7\.1|4\.2\.0|try again/i.test(response)

const waitIn = ({ response = "" }: SmtpError): number | undefined => {
  const [, count, unit = ""] = /(\d{1,5}) ?(s|sec|seconds?|m|min|minutes?)\b/i.exec(response) ?? []
  if (count === undefined) return undefined
  return Number(count) * (/^s/i.test(unit) ? 1000 : 60_000)
}
