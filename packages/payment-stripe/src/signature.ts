import { WebhookRejected, type RawRequest } from "@omni/orders"

/**
 * Checks `Stripe-Signature` (https://docs.stripe.com/webhooks#verify-manually): HMAC-SHA256 over `t.body` with the endpoint's secret, one of
 * the `v1` signatures, not older than the tolerance. Several secrets serve while one is being rolled.
 */
export const assertSigned = async (
  { headers, body }: RawRequest,
  secrets: ReadonlyArray<string>,
  tolerance: number,
  now: number
): Promise<void> => {
  const header = headers["stripe-signature"]
  if (header === undefined) throw rejected(`The request has no "stripe-signature".`)
  const parts = header.split(",").map((part) => part.trim().split("=", 2))
  const at = Number(parts.find(([name]) => name === "t")?.[1])
  const signatures = parts.flatMap(([name, value = ""]) => (name === "v1" && /^[0-9a-f]{64}$/i.test(value) ? [bytesOf(value)] : []))
  if (!Number.isSafeInteger(at) || signatures.length === 0) throw rejected(`"stripe-signature" is not "t=…,v1=…".`)
  const signed = new TextEncoder().encode(`${at}.${body}`)
  const checks = await Promise.all(
    secrets.map(async (secret) => {
      const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
        "verify"
      ])
      const fits = await Promise.all(signatures.map((signature) => crypto.subtle.verify("HMAC", key, signature, signed)))
      return fits.includes(true)
    })
  )
  if (!checks.includes(true))
    throw rejected("The signature is not that of the body. Hand in the body as it came, byte by byte, and the secret of this endpoint.")
  if (Math.abs(now - at * 1000) > tolerance) throw rejected("The request was signed too long ago, or in the future.")
}

const bytesOf = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))

const rejected = (message: string): WebhookRejected => new WebhookRejected({ provider: "stripe", message })
