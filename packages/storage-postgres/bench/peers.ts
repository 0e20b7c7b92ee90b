import pg from "pg"

import type { Contender } from "./reserve.ts"

/** What somebody would write by hand on PostgreSQL for the same reservation: the same three rows as JSON, the same durability. */

interface Stock {
  readonly onHand: number
  readonly reserved: number
}

/** Made once, by whichever of several processes comes first. */
const tables = (schema: string): string => `
select pg_advisory_xact_lock(1);
create schema if not exists ${schema};
create table if not exists ${schema}.stock (id text primary key, version bigint not null, value jsonb not null);
create table if not exists ${schema}.reservation (id text primary key, version bigint not null, value jsonb not null);
create table if not exists ${schema}.event (position bigint generated always as identity primary key, type text not null, subject text not null, body jsonb not null)`

let next = 0
const newId = (at: number): string => `rsv_${at.toString(36)}_${process.pid.toString(36)}_${(next++).toString(36).padStart(8, "0")}`

const eventOf = (id: string, sku: string, quantity: number, at: number): string =>
  JSON.stringify({
    specversion: "1.0",
    id: `evt_${id}`,
    source: "shop",
    type: "shop.Reserved",
    subject: sku,
    time: new Date(at).toISOString(),
    data: { quantity }
  })

const reserved = (stock: Stock, quantity: number): Stock => {
  if (stock.onHand - stock.reserved < quantity) throw new Error("insufficient stock")
  return { ...stock, reserved: stock.reserved + quantity }
}

const NEW: Stock = { onHand: 1e9, reserved: 0 }

/** A transaction for each reservation, on so many connections. */
export const transactions = async (url: string, schema: string, connections: number): Promise<Contender> => {
  const pool = new pg.Pool({ connectionString: url, max: connections })
  await pool.query(tables(schema))
  const sql = {
    read: { name: "read", text: `select value from ${schema}.stock where id = $1 for update` },
    stock: {
      name: "stock",
      text: `insert into ${schema}.stock as s values ($1, 1, $2) on conflict (id) do update set version = s.version + 1, value = excluded.value`
    },
    reservation: { name: "reservation", text: `insert into ${schema}.reservation values ($1, 1, $2)` },
    event: { name: "event", text: `insert into ${schema}.event (type, subject, body) values ('shop.Reserved', $1, $2)` }
  }
  return {
    async reserve(sku, quantity) {
      const client = await pool.connect()
      try {
        await client.query("begin")
        const { rows } = await client.query<{ value: Stock }>({ ...sql.read, values: [sku] })
        const stock = reserved(rows[0]?.value ?? NEW, quantity)
        const at = Date.now()
        const id = newId(at)
        await client.query({ ...sql.stock, values: [sku, JSON.stringify(stock)] })
        await client.query({ ...sql.reservation, values: [id, JSON.stringify({ sku, quantity, at })] })
        await client.query({ ...sql.event, values: [sku, eventOf(id, sku, quantity, at)] })
        await client.query("commit")
        return id
      } catch (error) {
        await client.query("rollback")
        throw error
      } finally {
        client.release()
      }
    },
    close: () => pool.end()
  }
}

interface Waiting {
  readonly sku: string
  readonly quantity: number
  readonly done: (id: string) => void
  readonly failed: (error: unknown) => void
}

/**
 * All reservations that wait in one transaction, each stock row read and written once in it: the limit of what batching gives. Rows are
 * locked in the order of their ids, so that several processes wait for each other, and never crosswise.
 */
export const handWrittenBatch = async (url: string, schema: string): Promise<Contender> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(tables(schema))
  const sql = {
    read: {
      name: "read",
      text: `select s.id, s.value from unnest($1::text[]) k (id) join ${schema}.stock s on s.id = k.id order by k.id for update of s`
    },
    stock: {
      name: "stock",
      text: `insert into ${schema}.stock as s select id, 1, value::jsonb from unnest($1::text[], $2::text[]) n (id, value) order by id on conflict (id) do update set version = s.version + 1, value = excluded.value`
    },
    reservation: {
      name: "reservation",
      text: `insert into ${schema}.reservation select id, 1, value::jsonb from unnest($1::text[], $2::text[]) n (id, value)`
    },
    event: {
      name: "event",
      text: `insert into ${schema}.event (type, subject, body) select 'shop.Reserved', subject, body::jsonb from unnest($1::text[], $2::text[]) n (subject, body)`
    }
  }
  const queue: Array<Waiting> = []
  let running = false
  const flush = async (waiting: ReadonlyArray<Waiting>) => {
    await client.query("begin")
    const skus = [...new Set(waiting.map(({ sku }) => sku))].sort()
    const { rows } = await client.query<{ id: string; value: Stock }>({ ...sql.read, values: [skus] })
    const stocks = new Map(rows.map(({ id, value }) => [id, value]))
    const made = waiting.map(({ sku, quantity }) => {
      stocks.set(sku, reserved(stocks.get(sku) ?? NEW, quantity))
      const at = Date.now()
      const id = newId(at)
      return { id, sku, row: JSON.stringify({ sku, quantity, at }), event: eventOf(id, sku, quantity, at) }
    })
    await client.query({ ...sql.stock, values: [[...stocks.keys()], [...stocks.values()].map((stock) => JSON.stringify(stock))] })
    await client.query({ ...sql.reservation, values: [made.map(({ id }) => id), made.map(({ row }) => row)] })
    await client.query({ ...sql.event, values: [made.map(({ sku }) => sku), made.map(({ event }) => event)] })
    await client.query("commit")
    waiting.forEach(({ done }, i) => done(made[i]!.id))
  }
  const loop = async () => {
    running = true
    while (queue.length > 0) {
      const waiting = queue.splice(0, 1024)
      await flush(waiting).catch((error: unknown) => waiting.forEach(({ failed }) => failed(error)))
      await new Promise((resolve) => setImmediate(resolve))
    }
    running = false
  }
  return {
    reserve: (sku, quantity) =>
      new Promise((done, failed) => {
        queue.push({ sku, quantity, done, failed })
        if (!running) {
          running = true
          setImmediate(() => void loop())
        }
      }),
    close: () => client.end()
  }
}
