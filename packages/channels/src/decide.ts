import { fail, type Instant, toCivil, type Tx } from "@omni/core"

import { fullCaps } from "./cap.ts"
import { chooseWay, type Way } from "./choose.ts"
import { contactedOf } from "./contact.ts"
import { type Content, type Contents, isTemplate, kindsOf } from "./content.ts"
import { TemplateNotFound } from "./errors.ts"
import { type SendRequest, Suppressions } from "./model.ts"
import { quietUntil } from "./quiet.ts"
import { overall, type Reason } from "./reason.ts"
import { type Recipient, zoneOf } from "./recipient.ts"
import type { Settings } from "./settings.ts"
import { suppressionKey } from "./suppress.ts"

/** What was decided. `recipient` is absent for an unknown customer alone. */
export type Verdict = { readonly recipient: Recipient | undefined; readonly reasons: ReadonlyArray<Reason> } & (
  | { readonly status: "queued"; readonly way: Way; readonly recipient: Recipient }
  | { readonly status: "deferred"; readonly way: Way; readonly until: Instant }
  | { readonly status: "skipped"; readonly way?: Way }
)

/** Decides on a message as things stand in this commit. Refuses with `TemplateNotFound`. */
export function* decide(tx: Tx, settings: Settings, request: SendRequest, expires: Instant): Generator<TemplateNotFound, Verdict, unknown> {
  const recipient = settings.recipient(tx, request.customer)
  if (recipient === undefined) {
    const reason = overall("unknown-customer", { customer: request.customer }, "There is no such customer, or the customer was erased.")
    return { status: "skipped", recipient, reasons: [reason] }
  }
  const said = yield* filled(settings, request, recipient)
  const suppressions = suppressionsOf(tx, recipient)
  const { reasons, way } = chooseWay(settings, {
    said,
    purpose: request.purpose,
    category: request.category,
    kinds: request.kinds,
    recipient,
    suppressionOf: (kind) => suppressions.get(kind)
  })
  if (way === undefined) return { status: "skipped", recipient, reasons: [...reasons, noKind(request, said)] }
  return inTime(tx, settings, request, expires, { recipient, way, reasons })
}

function* filled(
  settings: Settings,
  { content }: SendRequest,
  recipient: Recipient
): Generator<TemplateNotFound, Content | Contents, unknown> {
  if (!isTemplate(content)) return content
  const template = settings.templates.get(content.template)
  if (template !== undefined) return template(content.data ?? {}, recipient)
  const known = [...settings.templates.keys()].join(", ")
  return yield* fail(
    new TemplateNotFound({
      template: content.template,
      message: `There is no template "${content.template}". The module was given ${known === "" ? "none" : known}.`
    })
  )
}

const suppressionsOf = (tx: Tx, { addresses }: Recipient) => {
  const kinds = (Object.keys(addresses) as ReadonlyArray<keyof typeof addresses>).filter((kind) => addresses[kind] !== undefined)
  const rows = tx.getMany(
    Suppressions,
    kinds.map((kind) => suppressionKey(kind, addresses[kind] ?? ""))
  )
  return new Map(kinds.map((kind, i) => [kind, rows[i]]))
}

const noKind = (request: SendRequest, said: Content | Contents): Reason => {
  const kinds = request.kinds ?? kindsOf(said) ?? []
  return overall("no-kind", { kinds }, "No kind of channel is left to send it on.")
}

/** A way is found: it goes out now, waits for a better moment, or is given up when that comes too late. */
const inTime = (
  tx: Tx,
  settings: Settings,
  request: SendRequest,
  expires: Instant,
  { reasons, recipient, way }: { readonly recipient: Recipient; readonly way: Way; readonly reasons: ReadonlyArray<Reason> }
): Verdict => {
  const message = { kind: way.kind, category: request.category }
  const zone = zoneOf(recipient, way.channel)
  const quiet = quietUntil(settings.quietHours, message, tx.now, zone)
  const contacted = settings.caps.length === 0 ? [] : contactedOf(tx, recipient)
  const full = fullCaps(settings.caps, contacted, message, tx.now)
  const waits = [
    ...(quiet === undefined ? [] : [quietReason(quiet, zone)]),
    ...full.map(({ cap, count, until }) =>
      overall(
        "capped",
        { cap: cap.name, count, limit: cap.limit, window: cap.window, until },
        `The customer has had ${count} of at most ${cap.limit} messages of the cap "${cap.name}".`
      )
    )
  ]
  const why = [...reasons, ...waits]
  const dropped = full.some(({ cap }) => cap.whenFull === "drop")
  if (dropped) return { status: "skipped", recipient, way, reasons: why }
  const until = Math.max(quiet ?? tx.now, ...full.map((one) => one.until))
  if (until > expires || tx.now > expires)
    return {
      status: "skipped",
      recipient,
      way,
      reasons: [...why, overall("expired", { expires, until }, "By the time it may go out it is of no use any more.")]
    }
  if (until > tx.now) return { status: "deferred", recipient, way, until, reasons: why }
  const preferred = recipient.preferred.includes(way.kind)
  const chosen = overall(
    "chosen",
    { kind: way.kind, preferred },
    preferred ? `It goes out by ${way.kind}, which the customer prefers.` : `It goes out by ${way.kind}.`
  )
  return { status: "queued", recipient, way, reasons: [...why, chosen] }
}

const quietReason = (until: Instant, zone: string): Reason => {
  const clock = toCivil(until, zone).slice(0, 16).replace("T", " ")
  return overall("quiet-hours", { until, zone, clock }, `It is quiet until ${clock} where the customer is (${zone}).`)
}
