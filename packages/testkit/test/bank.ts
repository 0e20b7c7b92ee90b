import { collection, createOmni, event, fail, handler, module, operation, reactor, topic } from "@omni/core"
import type { World } from "@omni/testkit"
import * as Data from "effect/Data"
import * as z from "zod"

/** A bank of a few accounts: an operation, a reactor, a timer, a message and personal data, which all must take effect once. */

class Insufficient extends Data.TaggedError("Insufficient")<{ readonly message: string }> {}

const Accounts = collection("bank.accounts", {
  schema: z.object({ balance: z.number(), sent: z.number(), notified: z.number() }),
  indexes: { balance: ["balance"] }
})
const Owners = collection("bank.owners", {
  schema: z.object({ id: z.string(), email: z.string().optional() }),
  personal: { subject: (row) => row.id, fields: ["email"] }
})
const Moved = event("bank.Moved", z.object({ from: z.string(), to: z.string(), amount: z.number() }))
const Notice = topic("bank.notice", z.object({ account: z.string(), amount: z.number() }))

const empty = { balance: 0, sent: 0, notified: 0 }

const Deposit = z.object({ account: z.string(), amount: z.number() })

const deposit = operation("bank.deposit", Deposit, function* (tx, { account, amount }) {
  const row = tx.get(Accounts, account) ?? empty
  tx.put(Accounts, account, { ...row, balance: row.balance + amount })
})

const transfer = operation(
  "bank.transfer",
  z.object({ from: z.string(), to: z.string(), amount: z.number() }),
  function* (tx, { from, to, amount }) {
    const [source = empty, target = empty] = tx.getMany(Accounts, [from, to])
    if (from === to) return
    if (source.balance < amount) return yield* fail(new Insufficient({ message: `${from} has only ${source.balance}.` }))
    tx.put(Accounts, from, { ...source, balance: source.balance - amount })
    tx.put(Accounts, to, { ...target, balance: target.balance + amount })
    tx.emit(Moved, from, { from, to, amount })
    tx.schedule(tx.now + 60_000, interest, { account: to, amount: 1 }, { subject: to })
  }
)

/** Paid out of nothing, so that whether each timer fired once can be counted. */
const interest = operation("bank.interest", Deposit, function* (tx, input) {
  yield* deposit(tx, input)
})

const register = operation("bank.register", z.object({ id: z.string(), email: z.string() }), function* (tx, owner) {
  tx.put(Owners, owner.id, owner)
})

const noticed = operation(
  "bank.noticed",
  z.object({
    id: z.string(),
    payload: z.object({ account: z.string(), amount: z.number() }),
    attempt: z.number(),
    answer: z.unknown().exactOptional(),
    error: z.string().exactOptional()
  }),
  function* (tx, { payload }) {
    const row = tx.get(Accounts, payload.account) ?? empty
    tx.put(Accounts, payload.account, { ...row, notified: row.notified + payload.amount })
  }
)

/** What arrived at the provider, by the message's id: it takes each of them once. */
export type Provider = Map<string, number>

export const bank = (provider: Provider) =>
  module("bank", {
    collections: [Accounts, Owners],
    events: [Moved],
    operations: { deposit, transfer, register },
    internal: [interest, noticed],
    reactors: [
      reactor(
        "bank.count",
        [Moved],
        function* (tx, { data }) {
          const row = tx.get(Accounts, data.from) ?? empty
          tx.put(Accounts, data.from, { ...row, sent: row.sent + data.amount })
          tx.send(Notice, { account: data.from, amount: data.amount })
        },
        { from: "start" }
      )
    ],
    handlers: [handler(Notice, async ({ id, payload }) => void provider.set(id, payload.amount), { idempotent: true, delivered: noticed })]
  })

export const openBank = (world: World, provider: Provider = new Map()) => createOmni({ ...world, modules: { bank: bank(provider) } })

export const accounts = Accounts
