import { accountOf } from "@omni/inventory"

import type { Omnishop } from "../app.ts"
import { goods, nameOfArticle } from "../shop/goods.ts"
import { locations, nameOfPlace } from "../shop/places.ts"
import { table } from "./layout.ts"
import type { Paint } from "./paint.ts"
import { short, when } from "./words.ts"

/** What is in the profile, the stock ledger and the message log, as queries answer it. */
export const state = async (omni: Omnishop, customer: string, paint: Paint): Promise<ReadonlyArray<string>> => [
  "",
  paint.title("In the profile"),
  ...indented(await profile(omni, customer)),
  "",
  paint.title("In the stock ledger"),
  ...indented(await ledger(omni)),
  "",
  paint.title("In the message log"),
  ...indented(await messages(omni, customer))
]

const indented = (lines: ReadonlyArray<string>): ReadonlyArray<string> => lines.map((line) => `   ${line}`)

const profile = async (omni: Omnishop, customer: string): Promise<ReadonlyArray<string>> => {
  const found = await omni.profile.profile({ profile: customer })
  if (found === undefined) return ["nobody"]
  const { items } = await omni.profile.timeline({ profile: customer })
  const rows = [
    ["id", `${short(found.id)}, and ${found.merged.map(short).join(", ")} that went into it`],
    ["known as", found.identifiers.map(({ type, value }) => `${type} ${value}`).join(" · ")],
    [
      "traits",
      Object.entries(found.traits)
        .map(([name, value]) => `${name} ${String(value)}`)
        .join(" · ")
    ],
    ["consents", found.consents.map(({ purpose, kind, status }) => `${purpose} by ${kind ?? "any"}: ${status}`).join(" · ")],
    ["prefers", found.preferred.join(", ")],
    [
      "history",
      items
        .map(({ row }) => `${row.type} (${row.source ?? row.actor.channel})`)
        .reverse()
        .join(" · ")
    ]
  ]
  return rows.map(([name = "", value = ""]) => `${name.padEnd(9)}  ${value}`)
}

const ledger = async (omni: Omnishop): Promise<ReadonlyArray<string>> => {
  const keys = goods.flatMap(({ sku }) => locations.map(({ location }) => ({ sku, location })))
  const pages = await Promise.all(keys.map((key) => omni.inventory.movements(key)))
  const rows = pages
    .flatMap(({ items }) => [...items].reverse())
    .map(({ row: { at, sku, location, quantity, to, reason, onHand } }) => [
      nameOfArticle(sku),
      nameOfPlace(location),
      when(at),
      reason,
      to === accountOf("on-hand", location) ? `+${quantity}` : `-${quantity}`,
      String(onHand)
    ])
  return table(["article", "place", "when", "why", "moved>", "on hand>"], rows)
}

const messages = async (omni: Omnishop, customer: string): Promise<ReadonlyArray<string>> => {
  const { items } = await omni.channels.messagesOf({ customer })
  const rows = [...items]
    .reverse()
    .map(({ row: { at, kind, status, purpose, address, content, reasons } }) => [
      when(at),
      kind ?? "",
      status,
      purpose,
      address ?? "",
      content?.subject ?? content?.text.slice(0, 24).concat("…") ?? "",
      reasons.map(({ code }) => code).join(", ")
    ])
  return table(["when", "kind", "status", "purpose", "to", "says", "decided by"], rows)
}
