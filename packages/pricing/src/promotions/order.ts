import type { Promotion } from "./promotion.ts"

/** Which of two texts comes first, by their code units. */
export const compareIds = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Promotions as they are given: lines, order, shipping; in each by rank, then by id. */
export const inOrder = (a: Promotion, b: Promotion): number =>
  phases[a.target] - phases[b.target] || (a.rank ?? 0) - (b.rank ?? 0) || compareIds(a.id, b.id)

const phases = { line: 0, order: 1, shipping: 2 } as const
