import { fail, Id, operation } from "@omni/core"
import * as z from "zod"

import { CodeInUse, SecretMissing, SeriesNotFound } from "../errors.ts"
import { couponGift, Coupons, type CouponSeries, CouponUse, SeriesCodes, SeriesIssued, SeriesRows } from "../model.ts"
import { anyName } from "../naming.ts"
import type { Settings } from "../settings.ts"
import { asPromotion } from "./gift.ts"
import { Limits } from "./limits.ts"
import { couponCode, MOST_CODES, readSeriesCode } from "./series-code.ts"

/** The most codes that one call imports. */
const MOST = 1_000

const SeriesId = z.string().regex(/^[A-Z0-9]{1,20}$/, { error: "Use 1 to 20 capital letters and digits" })

/** A code that was not imported, and why. */
export interface RefusedCode {
  readonly code: string
  readonly reason: "in-use" | "not-a-code"
}

/** Coupons by the million. */
export const seriesOperations = (settings: Settings) => ({
  /**
   * Makes a series of `count` codes that all give the same; each is good for one redemption unless told. No row is written for a code before
   * it is redeemed: `seriesCodes` lists them by the secret of the app, and a checkout knows them by it. With `count` 0 the codes come from
   * elsewhere: see `importCoupons`. Issued again, it may only have more codes. Errors: `CodeInUse`, `SecretMissing`.
   */
  issueSeries: operation(
    "cart.issueSeries",
    z
      .object({
        series: SeriesId,
        count: z.int().nonnegative().max(MOST_CODES),
        ...couponGift,
        target: couponGift.target.default("order"),
        use: CouponUse.default("once"),
        limits: Limits.exactOptional(),
        campaign: Id.exactOptional()
      })
      .superRefine(asPromotion),
    function* (tx, { series: id, count, ...given }) {
      if (count > 0 && settings.secret === undefined)
        return yield* fail(
          new SecretMissing({
            series: id,
            message: `The codes of "${id}" are made by a secret: give the cart module one, or import codes.`
          })
        )
      const known = tx.get(SeriesRows, id)
      const series: CouponSeries = { ...given, series: id, count: Math.max(count, known?.count ?? 0), issuedAt: known?.issuedAt ?? tx.now }
      if (known !== undefined && textOf({ ...known, count: 0 }) !== textOf({ ...series, count: 0 }))
        return yield* fail(
          new CodeInUse({ code: id, message: `There is a series "${id}" already, which gives something else. Choose another name.` })
        )
      if (known?.count === series.count) return known
      const { name, until, campaign } = given
      tx.emit(SeriesIssued, id, {
        series: id,
        name: anyName(name),
        count: series.count,
        ...(until === undefined ? {} : { until }),
        ...(campaign === undefined ? {} : { campaign })
      })
      return tx.put(SeriesRows, id, series)
    }
  ),

  /**
   * Takes up to 1,000 codes that were made elsewhere into a series, all in one load and one commit: call it for each part of a file, with a
   * key for each part. Imported again they change nothing; what stands for something else is refused by its code.
   * Errors: `SeriesNotFound`.
   */
  importCoupons: operation(
    "cart.importCoupons",
    z.object({ series: SeriesId, codes: z.array(z.string().max(1_000)).min(1).max(MOST) }),
    function* (tx, { series: id, codes: given }) {
      const series = tx.get(SeriesRows, id)
      if (series === undefined)
        return yield* fail(new SeriesNotFound({ series: id, message: `There is no series "${id}". Issue it first, with a count of 0.` }))
      const written = given.map((text) => ({ text, code: couponCode(text) }))
      const codes = [...new Set(written.flatMap(({ code }) => (Id.safeParse(code).success ? [code] : [])))]
      tx.prefetch(Coupons, codes)
      const rows = tx.getMany(SeriesCodes, codes)
      const coupons = tx.getMany(Coupons, codes)
      const refused: Array<RefusedCode> = written.flatMap(({ text, code }) =>
        Id.safeParse(code).success ? [] : [{ code: text.slice(0, 200), reason: "not-a-code" as const }]
      )
      let imported = 0
      for (const [at, code] of codes.entries()) {
        const row = rows[at]
        if (row?.series === id) continue
        if (row !== undefined || coupons[at] !== undefined || readSeriesCode(settings.secret, code) !== undefined || isOwn(settings, code))
          refused.push({ code, reason: "in-use" })
        else {
          imported++
          tx.put(SeriesCodes, code, { series: id })
        }
      }
      return { imported, known: codes.length - imported - refused.filter(({ reason }) => reason === "in-use").length, refused }
    }
  )
})

/** Whether a code is one of the promotions that the app has set up, or is called like one: to prices a coupon is the promotion of its code. */
export const isOwn = ({ codes, promotions }: Pick<Settings, "codes" | "promotions">, code: string): boolean =>
  codes.has(code) || promotions.promotions.some(({ id }) => id === code)

const textOf = (series: CouponSeries): string => JSON.stringify(Object.entries(series).sort(([a], [b]) => (a < b ? -1 : 1)))

/** Parts of a list, for `importCoupons`: `for await (const codes of inParts(file))`. */
export async function* inParts<A>(list: Iterable<A> | AsyncIterable<A>, size = MOST): AsyncGenerator<ReadonlyArray<A>, void, undefined> {
  let part: Array<A> = []
  for await (const one of list) {
    part.push(one)
    if (part.length < size) continue
    yield part
    part = []
  }
  if (part.length > 0) yield part
}
