import { random } from "@omni/testkit"
import { assert, it } from "vitest"

import { eur, line, request } from "../shop.ts"
import { giftCard, payShop } from "./shop.ts"

/** Histories of one order each, by seed: units leave, are cancelled, come back for money or for something else, are edited away. */
const SEEDS = 60

const walk = async (capture: "on-placement" | "on-shipment", seed: number) => {
  const dice = random(seed)
  const often = (part: number): boolean => dice.fraction() < part
  const { omni, card, hook, view } = await payShop({ capture, tenders: { gift: giftCard(5000) } })
  await omni.inventory.receive({ lines: [{ sku: "case", location: "lyon", quantity: 100 }] })
  const ordered = request({
    lines: [{ ...line("case", 10, 1333), adjustments: [{ code: "welcome", amount: eur(-777) }] }],
    charges: [{ code: "shipping", amount: eur(491) }],
    fulfilments: [{ kind: "ship", location: "lyon" }]
  })
  const tenders = often(0.5) ? [{ provider: "gift", amount: 5000 }, { provider: "card" }] : [{ provider: "card" }]
  const { id, payments } = await omni.payments.openCheckout({ order: ordered, tenders })
  await omni.drain()
  const paying = payments.at(-1)!
  await hook(card.authorise(paying))
  const order = (await view(id)).order!
  const told: Array<string> = []
  for (let step = 0; step < 8; step++) {
    const lines = [{ line: "1", quantity: 1 + dice.below(4) }]
    const back = {
      order,
      reason: "x",
      goodwill: true as const,
      location: "lyon",
      lines: lines.map((some) => ({ ...some, condition: "sellable" as const }))
    }
    const replacement = { lines: [line("shaver", 1, 400)], fulfilment: { kind: "carry-out" as const, location: "lyon" } }
    const steps = [
      () => omni.orders.safe.ship({ order, lines }),
      () => omni.orders.safe.cancel({ order, lines }),
      () => omni.orders.safe.takeBack(back),
      () => omni.orders.safe.takeBack({ ...back, replacement }),
      () => omni.orders.safe.edit({ order, remove: lines })
    ]
    const which = dice.below(steps.length)
    const { ok } = await steps[which]!()
    told.push(`${which}${ok ? "" : " refused"}`)
    if (often(0.6)) await omni.drain()
    if (often(0.3)) await hook(card.tell(paying))
  }
  await omni.orders.safe.ship({ order })
  await omni.drain()
  await hook(card.tell(paying))
  await omni.drain()
  const { due, authorised, captured, released } = await omni.payments.balance({ order })
  await omni.close()
  return { due: due.amount, promised: authorised.amount - captured.amount - released.amount, told: told.join(", ") }
}

it.each(["on-placement", "on-shipment"] as const)(
  "in the end an order is paid for exactly, and nothing is promised any more: %s",
  { timeout: 60_000 },
  async (capture) => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { due, promised, told } = await walk(capture, seed)
      assert.deepEqual([due, promised], [0, 0], `seed ${seed}: ${told}`)
    }
  }
)
