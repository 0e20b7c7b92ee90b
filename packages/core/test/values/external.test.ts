import { allocateMoney, money, moneyToDecimal, parseMoney, type Ratio, Rounding } from "@omni/core"
import { describe, expect, it } from "vitest"
import * as z from "zod"

import { external } from "./external.ts"

const shares = (amount: number, weights: ReadonlyArray<Ratio>) => allocateMoney(money(amount, "EUR"), weights).map((share) => share.amount)

const prorate = z
  .object({
    cases: z.array(
      z.object({
        name: z.string(),
        method: z.string(),
        total: z.unknown(),
        weights: z.array(z.number()).optional(),
        ratios: z.array(z.unknown()).optional(),
        expected: z.unknown(),
        conserves: z.boolean().optional()
      })
    )
  })
  .optional()
  .parse(external("commerce/prorate.json"))

const reports = z
  .object({
    cases: z.array(
      z.object({
        case: z.string(),
        input: z.record(z.string(), z.unknown()),
        policy: z.looseObject({ level: z.string() }),
        expected: z.unknown()
      })
    )
  })
  .optional()
  .parse(external("commerce/rounding-reports.json"))

/** Whole totals and whole weights: what is left are other number bases, raised scales, and helpers that lose money by design. */
const direct = (prorate?.cases ?? []).flatMap(({ name, total, weights, ratios, expected, conserves }) => {
  const whole = z
    .array(z.number().nonnegative())
    .min(1)
    .safeParse(weights ?? ratios)
  return typeof total === "number" && conserves !== false && whole.success ? [{ name, total, weights: whole.data, expected }] : []
})

const splits = (reports?.cases ?? []).flatMap((report) => {
  const input = z.object({ total: z.number(), ratios: z.array(z.string()) }).safeParse(report.input)
  return report.policy.level === "allocation" && input.success ? [{ name: report.case, ...input.data, expected: report.expected }] : []
})

/** Exact figures and how they round. */
const exact = (reports?.cases ?? []).flatMap((report) => {
  const input = z.object({ taxExact: z.string() }).safeParse(report.input)
  const policy = z.object({ mode: Rounding }).safeParse(report.policy)
  return input.success && policy.success
    ? [{ name: report.case, text: input.data.taxExact, mode: policy.data.mode, expected: report.expected }]
    : []
})

describe("external cases", () => {
  it.skipIf(prorate === undefined)(`gives the ${direct.length} figures of peers' tests that are splits of integers`, () => {
    expect(direct.length).toBeGreaterThan(9)
    expect(direct.map(({ name, total, weights }) => [name, shares(total, weights)])).toEqual(
      direct.map(({ name, expected }) => [name, expected])
    )
  })

  it.skipIf(reports === undefined)(`gives what users asked for in ${splits.length} reports`, () => {
    expect(splits.length).toBeGreaterThan(5)
    expect(splits.map(({ name, total, ratios }) => [name, { shares: shares(total, ratios) }])).toEqual(
      splits.map(({ name, expected }) => [name, expected])
    )
  })

  it.skipIf(reports === undefined)(`rounds the ${exact.length} exact figures of reports as their policy says`, () => {
    expect(exact.length).toBeGreaterThan(3)
    const rounded = exact.map(({ name, text, mode }) => [name, { tax: moneyToDecimal(parseMoney(text, "GBP", mode)) }])
    expect(rounded).toEqual(exact.map(({ name, expected }) => [name, expected]))
  })
})
