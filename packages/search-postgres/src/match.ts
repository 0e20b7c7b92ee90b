import {
  codesAmong,
  type SearchRequest,
  type SearchSettings,
  searchWords,
  type SearchWord,
  typosIn,
  unaccented
} from "@omni/catalog/search"

import { type Database, storable } from "./database.ts"
import { configOf, type Offered } from "./layout.ts"
import { rulesFor } from "./synonyms.ts"
import { lexeme, nearest, typedWords } from "./words.ts"

/** What is asked of which generation. */
export interface Asked {
  readonly database: Database
  readonly generation: string
  readonly request: SearchRequest
  readonly settings: SearchSettings
  readonly offered: Offered
}

/** What texts have to hold, by language, and the code that products may be named by. */
export interface Match {
  readonly words: ReadonlyArray<{ readonly language: string; readonly query: string }>
  readonly code: string | undefined
  /** Whether that is only the beginning of a code. */
  readonly begun?: boolean
  /** What has the words has to be named by this code. */
  readonly within?: string
}

/** Words that begin with what is typed, and words that are near: so many are looked at. */
const MOST_BEGUN = 200
const MOST_NEAR = 300

/** So many letters are few. */
const SHORT = 3

/** Brings what was typed into queries of PostgreSQL. `near`: words may differ by a letter or two. */
export const matchOf = async (asked: Asked, near: boolean): Promise<Match> => {
  const { request } = asked
  if (request.text === "") return { words: [], code: undefined }
  const words = []
  for (const language of request.languages) {
    const query = await queryIn(asked, language, near)
    if (query !== undefined) words.push({ language, query })
  }
  return { words, code: near || request.code === "" ? undefined : request.code }
}

/** A code among the words, with the words beside it; `undefined` where none of them names anything. */
export const codeMatchOf = async (asked: Asked): Promise<Match | undefined> => {
  const { database, generation, request } = asked
  const among = codesAmong(request.text).map(({ code, rest }) => ({ code: storable(code), rest }))
  if (among.length === 0) return undefined
  const rows = await database.query(
    `select c.code from unnest($2::text[]) with ordinality as c (code, n)
where exists (select from ${database.schema}.product p where p.generation = $1 and not p.gone and p.codes @> array[c.code]) order by c.n limit 1`,
    [generation, among.map(({ code }) => code)]
  )
  const found = among.find(({ code }) => code === rows[0]?.["code"])
  if (found === undefined) return undefined
  const { words } = await matchOf({ ...asked, request: { ...request, text: found.rest } }, false)
  return { words, code: undefined, within: found.code }
}

const queryIn = async (asked: Asked, language: string, near: boolean): Promise<string | undefined> => {
  const { database, request, settings } = asked
  const { schema } = database
  const words = typedWords(request.text, language)
  if (words.length === 0) return undefined
  const last = searchWords(request.text).at(-1)
  const parts: Array<string> = []
  for (const word of words) {
    const plain = unaccented(word.text)
    const isBegun = request.prefix && word.text === last?.text
    // Few letters are no stem yet and begin very many words, which PostgreSQL finds by itself; more may be more than a stem.
    const isShort = isBegun && plain.length <= SHORT
    const begun = isBegun && !isShort ? await begunBy(asked, language, plain) : []
    const meant = near ? await nearTo(asked, language, word) : []
    parts.push(`(${[...new Set([plain, ...begun, ...meant])].map(lexeme).join(" | ")}${isShort ? ` | ${lexeme(plain)}:*` : ""})`)
  }
  const config = `${schema}.${configOf(language)}`
  const plain = words.map(({ text }) => lexeme(unaccented(text))).join(" & ")
  const rules = rulesFor(words, settings, language)
  const rows = await database.query(
    // Each rule first leaves a mark, the longest first, so that none is applied to what another has put there.
    `with recursive asked as (select to_tsquery($1::regconfig, $2) as query), rule as materialized (
  select row_number() over (order by numnode(r.t) desc, min(r.n)) as place, r.t, to_tsquery($1::regconfig, string_agg(r.s, ' | ')) as s, ('''synonym ' || min(r.n) || '''')::tsquery as mark
  from (select to_tsquery($1::regconfig, e.r->>0) as t, e.r->>1 as s, e.n from jsonb_array_elements($4::jsonb) with ordinality as e (r, n)) r, asked
  where numnode(r.t) > 0 and asked.query @> r.t group by r.t
), marked as (
  select 0::bigint as place, query from asked union all select r.place, ts_rewrite(m.query, r.t, r.mark) from marked m join rule r on r.place = m.place + 1
), one as (
  select 0::bigint as place, (select query from marked order by place desc limit 1) as query
  union all select r.place, ts_rewrite(o.query, r.mark, r.s) from one o join rule r on r.place = o.place + 1
)
select ((select query from one order by place desc limit 1) || to_tsquery($1::regconfig, $3))::text as query`,
    [config, plain, parts.join(" & "), JSON.stringify(rules)]
  )
  const query = String(rows[0]!["query"])
  return query === "" ? undefined : query
}

const begunBy = async (
  { database: { schema, query }, generation }: Asked,
  language: string,
  plain: string
): Promise<ReadonlyArray<string>> => {
  const rows = await query(
    `select word from ${schema}.word where generation = $1 and language = $2 and word >= $3 and word < $4 order by length(word), word limit ${MOST_BEGUN}`,
    [generation, language, plain, `${plain}\u{10ffff}`]
  )
  return rows.map(({ word }) => String(word))
}

const nearTo = async (
  { database: { schema, query }, generation, offered }: Asked,
  language: string,
  word: SearchWord
): Promise<ReadonlyArray<string>> => {
  const plain = unaccented(word.text)
  if (word.kind !== "word" || typosIn(plain) === 0 || offered.distance === undefined) return []
  const rows = await query(
    `select word from ${schema}.word where generation = $1 and language = $2 order by word ${offered.distance} $3 limit ${MOST_NEAR}`,
    [generation, language, plain]
  )
  return nearest(
    plain,
    rows.map((row) => String(row["word"]))
  )
}
