import type { Outgoing } from "@omni/channels"

/** A key to sign with (DKIM, RFC 6376): the public half stands in DNS under `selector._domainkey.domain`. */
export interface DkimKey {
  readonly domain: string
  readonly selector: string
  /** PEM. */
  readonly privateKey: string
}

/** Where somebody is rid of such messages: without a page in between, and by mail. */
export interface UnsubscribeTarget {
  /** An https address that takes a POST without cookies or log-in and unsubscribes; it must not do so for a GET (RFC 8058). */
  readonly url: string
  /** An address that takes mail to unsubscribe, beside it. */
  readonly mailto?: string
}

/** Who takes the mail over, and from whom it is. */
export interface SmtpOptions {
  /** `smtps://user:password@host:465` or `smtp://host:587`; in place of host, port, secure and auth. */
  readonly url?: string
  readonly host?: string
  readonly port?: number
  /** TLS from the first byte (port 465). Without it STARTTLS is used where the server offers it. */
  readonly secure?: boolean
  /** Send nothing without TLS; on unless said. Switch it off for a relay on the same machine alone. */
  readonly requireTls?: boolean
  readonly auth?: { readonly user: string; readonly password: string }
  /** The sender: `shop@example.com` or `The Shop <shop@example.com>`; or by message, for several brands or languages. */
  readonly from: string | ((message: Outgoing) => string)
  readonly replyTo?: string
  /** Where marketing of this kind is ended; the headers of one-click unsubscription are set from it. */
  readonly unsubscribe?: (message: Outgoing) => UnsubscribeTarget
  readonly dkim?: DkimKey
  /** The relay takes a Message-ID once, so that an unknown outcome may be tried again. No plain SMTP server does; off unless said. */
  readonly idempotent?: boolean
  /** Milliseconds for a whole try; 60,000 unless said. */
  readonly timeout?: number
}
