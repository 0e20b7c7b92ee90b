import pg from "pg"

import type { Contender, Make } from "./contender.ts"

/** What somebody would write by hand: a row of stock, a row for each reservation, and one statement that keeps both right. */

const tables = `
create table stock (sku text primary key, on_hand bigint not null, reserved bigint not null default 0);
create table reservation (id bigint generated always as identity primary key, sku text not null, quantity bigint not null, at timestamptz not null default now())`

const open = async (url: string, skus: ReadonlyArray<string>, pieces: number, connections: number): Promise<pg.Pool> => {
  const pool = new pg.Pool({ connectionString: url, max: connections })
  await pool.query(tables)
  await pool.query("insert into stock (sku, on_hand) select sku, $2 from unnest($1::text[]) sku", [skus, pieces])
  await pool.query("analyze stock")
  return pool
}

const reserved = async (pool: pg.Pool): Promise<number> => {
  const { rows } = await pool.query<{ sum: string }>("select sum(reserved) from stock")
  return Number(rows[0]!.sum)
}

/** One conditional UPDATE with the INSERT in one statement for each reservation, on 16 connections. */
export const conditional: Make = async (url, skus, pieces) => {
  const pool = await open(url, skus, pieces, 16)
  const text = `
with taken as (update stock set reserved = reserved + $2 where sku = $1 and on_hand - reserved >= $2 returning sku)
insert into reservation (sku, quantity) select sku, $2 from taken returning id`
  return {
    reserve: async (sku, quantity) => (await pool.query({ name: "reserve", text, values: [sku, quantity] })).rowCount === 1,
    reserved: () => reserved(pool),
    close: () => pool.end()
  }
}

interface Waiting {
  readonly quantity: number
  readonly done: (granted: boolean) => void
  readonly failed: (error: unknown) => void
}

/**
 * What waits for one article goes into one statement: as many from the front as what is free covers, by their running sum. Articles are
 * served side by side, on 16 connections.
 */
export const coalesced: Make = async (url, skus, pieces) => {
  const pool = await open(url, skus, pieces, 16)
  const text = `
with asked as (select ordinality as at, quantity, sum(quantity) over (order by ordinality) as upto from unnest($2::bigint[]) with ordinality as asked (quantity, ordinality)),
free as (select on_hand - reserved as pieces from stock where sku = $1 for update),
granted as (select at, quantity from asked, free where upto <= pieces),
taken as (update stock set reserved = reserved + (select coalesce(sum(quantity), 0) from granted) where sku = $1),
made as (insert into reservation (sku, quantity) select $1, quantity from granted)
select count(*)::int as granted from granted`
  const queues = new Map<string, Array<Waiting>>()
  const flush = async (sku: string): Promise<void> => {
    for (;;) {
      const waiting = queues.get(sku)!.splice(0, 1024)
      if (waiting.length === 0) break
      try {
        const { rows } = await pool.query<{ granted: number }>({
          name: "coalesced",
          text,
          values: [sku, waiting.map(({ quantity }) => quantity)]
        })
        waiting.forEach(({ done }, i) => done(i < rows[0]!.granted))
      } catch (error) {
        waiting.forEach(({ failed }) => failed(error))
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    queues.delete(sku)
  }
  const contender: Contender = {
    reserve: (sku, quantity) =>
      new Promise((done, failed) => {
        const waiting = queues.get(sku)
        if (waiting !== undefined) return void waiting.push({ quantity, done, failed })
        queues.set(sku, [{ quantity, done, failed }])
        setImmediate(() => void flush(sku))
      }),
    reserved: () => reserved(pool),
    close: () => pool.end()
  }
  return contender
}
