import * as z from "zod"

const LOCAL = "[\\p{L}\\p{M}\\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}"
const LABEL = "[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}-]{0,61}[\\p{L}\\p{M}\\p{N}])?"
const EMAIL = new RegExp(`^${LOCAL}@(?:${LABEL}\\.)+(?!\\d+$)${LABEL}$`, "u")

/**
 * An e-mail address, trimmed, its domain in lower case and everything else as it was written: dots, plus tags and the case of the local
 * part can name different mailboxes, so they are never folded.
 *
 * The form is that of the HTML standard, with international letters (RFC 6531) and at least one dot in the domain; at most 254 characters.
 */
export const EmailAddress = z
  .string()
  .trim()
  .max(254)
  .regex(EMAIL, { error: 'Write an e-mail address such as "jane@example.com"' })
  .overwrite(lowerDomain)
export type EmailAddress = z.infer<typeof EmailAddress>

/**
 * A telephone number in the form of E.164: a plus, the country code, the subscriber's number; 7 to 15 digits, nothing between them.
 * Only the shape is checked: whether the number can exist is for an adapter with a numbering plan.
 */
export const PhoneNumber = z.string().regex(/^\+[1-9]\d{6,14}$/, { error: 'Write a telephone number in E.164 form, such as "+4930123456"' })
export type PhoneNumber = z.infer<typeof PhoneNumber>

function lowerDomain(address: string): string {
  const at = address.lastIndexOf("@") + 1
  return address.slice(0, at) + address.slice(at).toLowerCase()
}
