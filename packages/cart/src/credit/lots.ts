import type { CreditAccount, CreditLot } from "./model.ts"

type Lots = ReadonlyArray<CreditLot>

/** The most lots of an account; beyond that the two that expire first become one. */
const MOST_LOTS = 500

/** What a balance is made of, the next to expire first. */
export const lotsOf = ({ lots, balance, expiresAt }: Pick<CreditAccount, "lots" | "balance" | "expiresAt">): Lots =>
  lots ?? (balance === 0 ? [] : [lot(balance, expiresAt)])

/** So much until then. */
export const lot = (amount: number, expiresAt: number | undefined): CreditLot => ({
  amount,
  ...(expiresAt === undefined ? {} : { expiresAt })
})

/** When a lot is over; never is the last of all moments. */
export const endOf = ({ expiresAt = Infinity }: Pick<CreditLot, "expiresAt">): number => expiresAt

/** How much lots are together. */
export const sumOf = (lots: Lots): number => lots.reduce((sum, { amount }) => sum + amount, 0)

/** Those that can be used at a moment. */
export const liveAt = (lots: Lots, at: number): Lots => lots.filter((one) => endOf(one) > at)

/** Lots with more; those that end at one moment are one. */
export const withLots = (lots: Lots, more: Lots): Lots => {
  const byEnd = new Map<number, number>()
  for (const one of [...lots, ...more]) byEnd.set(endOf(one), (byEnd.get(endOf(one)) ?? 0) + one.amount)
  return bounded([...byEnd].sort(([a], [b]) => (a < b ? -1 : 1)).map(([end, amount]) => lot(amount, end === Infinity ? undefined : end)))
}

/** Nobody loses by it: what ends sooner ends with the next. */
const bounded = (lots: Lots): Lots => {
  const [first, second, ...others] = lots
  if (lots.length <= MOST_LOTS || first === undefined || second === undefined) return lots
  return bounded([{ ...second, amount: first.amount + second.amount }, ...others])
}

/** Takes so much, what expires first first: what is left, and what was taken from which. */
export const takeFrom = (lots: Lots, amount: number): { readonly left: Lots; readonly taken: Lots } => {
  let missing = amount
  const left: Array<CreditLot> = []
  const taken: Array<CreditLot> = []
  for (const one of lots) {
    const some = Math.min(missing, one.amount)
    missing -= some
    if (some > 0) taken.push({ ...one, amount: some })
    if (some < one.amount) left.push({ ...one, amount: one.amount - some })
  }
  return { left, taken }
}

/** What comes back of what was taken, when so much of it has come back before: what was taken last comes back first. */
export const comingBack = (taken: Lots, before: number, amount: number): Lots => {
  const reversed = taken.toReversed()
  return takeFrom(takeFrom(reversed, before).left, amount).taken
}
