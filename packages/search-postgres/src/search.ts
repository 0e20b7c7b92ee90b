import { begunCode, codesAmong, type SearchAnswer } from "@omni/catalog/search"

import { answerBy, isThere, type Match } from "./answer.ts"
import { storable } from "./database.ts"
import { tableOf } from "./layout.ts"
import { type Asked, LAST_LETTER, numbersFor } from "./lookup.ts"
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
  const among = codesAmong(request)
  const asJson = among.map(({ code, begun }, at) => ({ at, code: storable(code), end: storable(code) + LAST_LETTER, begun }))
  if (among.length > 0) {
    const of = tableOf(schema, "code", generation)
    const rows = await query(
      `select r.at from jsonb_to_recordset($1::jsonb) as r (at integer, code text, "end" text, begun boolean)
where not r.begun and exists (select from ${of} k where k.code = r.code collate "C")
  or r.begun and exists (select from ${of} k where k.code >= r.code collate "C" and k.code < r."end" collate "C")`,
      [JSON.stringify(asJson)]
    )
    const known = new Set(rows.map(({ at }) => at))
    for (const [at, { code, begun, rest }] of among.entries())
      if (known.has(at)) yield { worded: await wordedFor(asked, rest, false), within: { code, begun } }
  }
  const begun = begunCode(request)
  if (begun !== undefined) yield { worded: [], code: begun, begun: true }
}
