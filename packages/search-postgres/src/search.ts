import { begunCode, codesAmong, type SearchAnswer } from "@omni/catalog/search"

import { answerBy, isThere, type Match } from "./answer.ts"
import { storable } from "./database.ts"
import { tableOf } from "./layout.ts"
import { type Asked, numbersFor } from "./lookup.ts"
import { wordedFor } from "./match.ts"
import { orderOf } from "./order.ts"
import { conditionsOf } from "./sql.ts"

/** Answers a question from a generation, in one snapshot of it; `replaced` when another answers by now. */
export const searchIn = async (asked: Asked): Promise<SearchAnswer | "replaced"> => {
  const { request } = asked
  const order = orderOf(request, asked.schema, asked.collations)
  const numbers = await numbersFor(asked)
  if (numbers === undefined) return "replaced"
  const by = (match: Match) => answerBy(asked, numbers, match, order)
  if (request.text === "") return by({ worded: [] })
  const exact: Match = {
    worded: await wordedFor(asked, request.text, false),
    ...(numbers.isCode ? { code: request.code } : {})
  }
  const first = await by(exact)
  if (first.total > 0 || (conditionsOf(request).length > 0 && (await isThere(asked, numbers, exact)))) return first
  for await (const match of codesIn(asked)) if (await isThere(asked, numbers, match)) return by(match)
  if (!asked.typos) return first
  const worded = await wordedFor(asked, request.text, true)
  if (worded.length === 0) return first
  const corrected = await by({ worded })
  return { ...corrected, corrected: corrected.total > 0 || (await isThere(asked, numbers, { worded })) }
}

/** What codes may be meant: one among the words, with the words beside it; then one that is being typed. */
const codesIn = async function* (asked: Asked): AsyncGenerator<Match> {
  const { query, request, schema, generation } = asked
  const among = codesAmong(request.text).map(({ code, rest }) => ({ code: storable(code), rest }))
  if (among.length > 0) {
    const rows = await query(
      `select c.code from unnest($1::text[]) c (code) where exists (select from ${tableOf(schema, "code", generation)} k where k.code = c.code collate "C")`,
      [among.map(({ code }) => code)]
    )
    const known = new Set(rows.map(({ code }) => code))
    for (const { code, rest } of among) if (known.has(code)) yield { worded: await wordedFor(asked, rest, false), within: code }
  }
  const begun = begunCode(request)
  if (begun !== undefined) yield { worded: [], code: begun, begun: true }
}
