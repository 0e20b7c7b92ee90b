import { type CivilDate, fail, type Tx } from "@omni/core"

import { IssueDateOutOfOrder, NumberTaken, SeriesNotFound } from "./errors.ts"
import { type LegalEntity, Series, todayOf } from "./legal-entity.ts"
import { InvoiceNumbers } from "./model.ts"
import { formatNumber } from "./series-format.ts"

/** The key of a series. */
export const seriesKey = (legalEntity: string, series: string): string => `${encodeURIComponent(legalEntity)}/${encodeURIComponent(series)}`

/** The key of a number. */
export const numberKey = (legalEntity: string, number: string): string => `${encodeURIComponent(legalEntity)}/${encodeURIComponent(number)}`

/** Many documents are issued in one commit, each with the number after the one before: so many are looked up in one round trip. */
const AHEAD = 128

/** A number that was taken, and what for. */
export interface Taken {
  readonly series: string
  readonly sequence: number
  readonly number: string
  readonly issueDate: CivilDate
}

/**
 * Takes the next number of a series for a document. The counter is a row of the same commit as the document: a commit that does not land
 * takes no number, so there is no gap, whoever crashes when. Issue dates do not go back within a series.
 */
export function* takeNumber(
  tx: Tx,
  entity: LegalEntity,
  document: string,
  { series, issueDate }: { readonly series: string; readonly issueDate?: CivilDate }
): Generator<SeriesNotFound | IssueDateOutOfOrder | NumberTaken, Taken, unknown> {
  const rule = entity.series[series]
  if (rule === undefined) return yield* fail(unknownSeries(entity, series))
  const key = seriesKey(entity.id, series)
  const before = tx.get(Series, key)
  const today = todayOf(entity, tx.now)
  const date = issueDate ?? today
  if (date > today || (before !== undefined && date < before.lastDate))
    return yield* fail(outOfOrder(series, date, before?.lastDate, today))
  const year = Number(date.slice(0, 4))
  const goesOn = before !== undefined && (rule.restart === "never" || before.year === year)
  const sequence = goesOn ? before.last + 1 : (rule.first ?? 1)
  const number = formatNumber(rule.format, sequence, date)
  const ahead = Array.from({ length: AHEAD }, (_, i) => numberKey(entity.id, formatNumber(rule.format, sequence + i, date)))
  tx.prefetch(InvoiceNumbers, ahead)
  if (tx.get(InvoiceNumbers, numberKey(entity.id, number)) !== undefined) return yield* fail(taken(entity, series, number))
  tx.put(Series, key, { legalEntity: entity.id, series, year, last: sequence, lastDate: date, at: tx.now })
  tx.put(InvoiceNumbers, numberKey(entity.id, number), { document })
  return { series, sequence, number, issueDate: date }
}

const unknownSeries = ({ id, series: all }: LegalEntity, series: string): SeriesNotFound => {
  const known = Object.keys(all)
  return new SeriesNotFound({ series, known, message: `"${id}" has no series "${series}"; it has: ${known.join(", ")}.` })
}

const outOfOrder = (series: string, issueDate: string, earliest: string | undefined, latest: string): IssueDateOutOfOrder =>
  new IssueDateOutOfOrder({
    issueDate,
    earliest,
    latest,
    message: `A document of the series "${series}" cannot be issued on ${issueDate}: ${earliest === undefined ? "" : `the last one is of ${earliest}, and `}today is ${latest}.`
  })

const taken = ({ id }: LegalEntity, series: string, number: string): NumberTaken =>
  new NumberTaken({
    number,
    message: `"${id}" has issued a document "${number}" already. Give the series "${series}" a format of its own, one that no other series can make.`
  })
