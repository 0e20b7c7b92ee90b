import { ChannelKind, fail, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import type { Category } from "./content.ts"
import { MessageNotFound } from "./errors.ts"
import { AddressSuppressed, Messages, Scope, type Suppression, SuppressionLifted, SuppressionReason, Suppressions } from "./model.ts"
import { about, type Reason } from "./reason.ts"

const Address = z.string().min(1).max(5000)

const NUMBERED: ReadonlySet<ChannelKind> = new Set(["sms", "phone", "whatsapp"])

/** What an address is suppressed by: addresses that reach the same person are one, so that no spelling gets around it. */
export const suppressionKey = (kind: ChannelKind, address: string): string => {
  const written = address.trim().toLowerCase()
  return `${kind} ${NUMBERED.has(kind) ? written.replaceAll(/[\s().\-/]/g, "") : written}`
}

/** Why a suppression forbids a message. `all` forbids everything; `marketing` and a purpose's name forbid what they name. */
export const suppressionReason = (
  suppression: Suppression | undefined,
  { category, purpose }: { readonly category: Category; readonly purpose: string },
  kind: ChannelKind
): Reason | undefined => {
  const scope = ["all", ...(category === "marketing" ? ["marketing"] : []), purpose].find((name) => suppression?.scopes[name] !== undefined)
  const found = scope === undefined ? undefined : suppression?.scopes[scope]
  if (scope === undefined || found === undefined) return undefined
  return about(
    kind,
    "suppressed",
    { scope, reason: found.reason, at: found.at },
    `The customer's ${kind} address is suppressed for "${scope}" (${found.reason}).`
  )
}

/** Suppresses an address for a scope; the first reason for a scope stays. */
export const suppressAddress = (
  tx: Tx,
  { address, customer, kind, message, reason, scope }: z.infer<typeof Suppress> & { readonly customer?: string; readonly message?: string }
): void => {
  const key = suppressionKey(kind, address)
  const scopes = tx.get(Suppressions, key)?.scopes ?? {}
  if (scopes[scope] !== undefined) return
  tx.put(Suppressions, key, { scopes: { ...scopes, [scope]: { reason, at: tx.now } } })
  tx.emit(AddressSuppressed, customer ?? kind, {
    kind,
    scope,
    reason,
    ...(customer === undefined ? {} : { customer }),
    ...(message === undefined ? {} : { message })
  })
}

/** An address on a kind of channel, the scope it is suppressed for (`all`, `marketing` or a purpose), and why. */
export const Suppress = z.object({ kind: ChannelKind, address: Address, scope: Scope, reason: SuppressionReason })

/** Stops messages to an address: from this commit on none is decided on that its scope covers. */
export const suppress = operation("channels.suppress", Suppress, function* (tx, input) {
  suppressAddress(tx, input)
})

/** Lets an address be written to again, because its owner has asked for it. */
export const lift = operation(
  "channels.lift",
  z.object({ kind: ChannelKind, address: Address, scope: Scope }),
  function* (tx, { address, kind, scope }) {
    const key = suppressionKey(kind, address)
    const { [scope]: lifted, ...rest } = tx.get(Suppressions, key)?.scopes ?? {}
    if (lifted === undefined) return
    if (Object.keys(rest).length === 0) tx.remove(Suppressions, key)
    else tx.put(Suppressions, key, { scopes: rest })
    tx.emit(SuppressionLifted, kind, { kind, scope })
  }
)

/**
 * What a click on "unsubscribe" in a message does: its address gets no more marketing, or no more of `scope`. A message's id is no
 * secret: the link must carry a signature of the app's, and a GET must only show a page. Refuses with `MessageNotFound`.
 */
export const unsubscribe = operation(
  "channels.unsubscribe",
  z.object({ message: Id, scope: Scope.exactOptional() }),
  function* (tx, { message, scope = "marketing" }) {
    const row = tx.get(Messages, message)
    if (row?.address === undefined || row.kind === undefined)
      return yield* fail(
        new MessageNotFound({
          id: message,
          message: `There is no message "${message}" that went out, or it was erased. Suppress the address itself with \`suppress\`.`
        })
      )
    suppressAddress(tx, { kind: row.kind, address: row.address, scope, reason: "unsubscribed", customer: row.customer, message })
    return { kind: row.kind, scope }
  }
)
