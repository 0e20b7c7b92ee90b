/** What is written without a library, as PostgreSQL's manual shows it: one table, a generated vector, a GIN index. */
import type { SearchDocument } from "@omni/catalog/search"
import type { Client } from "pg"

import { millisOf } from "../../../scripts/bench/harness.ts"

export const byHand = async (client: Client, documents: ReadonlyArray<SearchDocument>) => {
  const schema = "bench_by_hand"
  await client.query(`drop schema if exists ${schema} cascade; create schema ${schema};
create table ${schema}.product (id text primary key, name text, brand text, more text, words tsvector generated always as (
  setweight(to_tsvector('english', name), 'A') || setweight(to_tsvector('english', brand), 'B') || setweight(to_tsvector('english', more), 'C')) stored);
create index on ${schema}.product using gin (words)`)
  const rows = documents.map(({ id, texts: [text] }) => ({ id, name: text!.name, brand: text!.brand, more: text!.attributes }))
  const millis = await millisOf(async () => {
    for (let at = 0; at < rows.length; at += 100)
      await client.query(
        `insert into ${schema}.product (id, name, brand, more) select id, name, brand, more from jsonb_to_recordset($1::jsonb) as r (id text, name text, brand text, more text)`,
        [JSON.stringify(rows.slice(at, at + 100))]
      )
    await client.query(`analyze ${schema}.product`)
  })
  return {
    schema,
    rate: (rows.length * 1_000) / millis,
    ask: (text: string) =>
      client.query(
        `select id, count(*) over () as total from ${schema}.product, websearch_to_tsquery('english', $1) q where words @@ q order by ts_rank(words, q) desc limit 24`,
        [text]
      )
  }
}
