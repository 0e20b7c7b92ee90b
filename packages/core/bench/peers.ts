import { DatabaseSync, type StatementSync } from "node:sqlite"

/** What somebody would write by hand on SQLite for the same reservation: the same three rows as JSON, the same durability. */

interface Stock {
  readonly onHand: number
  readonly reserved: number
}

class ByHand {
  readonly db: DatabaseSync
  readonly read: StatementSync
  readonly write: StatementSync
  readonly reservation: StatementSync
  readonly event: StatementSync
  #next = 0

  constructor(path: string) {
    this.db = new DatabaseSync(path)
    this.db.exec(`pragma journal_mode=wal; pragma synchronous=full;
      create table stock (id text primary key, version integer not null, value text not null) without rowid;
      create table reservation (id text primary key, version integer not null, value text not null) without rowid;
      create table event (position integer primary key, type text not null, subject text not null, body text not null)`)
    this.read = this.db.prepare("select value from stock where id = ?")
    this.write = this.db.prepare(
      "insert into stock values (?, 1, ?) on conflict do update set version = version + 1, value = excluded.value"
    )
    this.reservation = this.db.prepare("insert into reservation values (?, 1, ?)")
    this.event = this.db.prepare("insert into event (type, subject, body) values (?, ?, ?)")
  }

  stockOf(sku: string): Stock {
    const row = this.read.get(sku)
    return row === undefined ? { onHand: 1e9, reserved: 0 } : (JSON.parse(row["value"] as string) as Stock)
  }

  /** The reservation and its event; the stock's row is written by the caller, once for each transaction. */
  record(sku: string, quantity: number, at: number): string {
    const id = `rsv_${at.toString(36)}_${(this.#next++).toString(36).padStart(8, "0")}`
    this.reservation.run(id, JSON.stringify({ sku, quantity, at }))
    const body = {
      specversion: "1.0",
      id: `evt_${id}`,
      source: "shop",
      type: "shop.Reserved",
      subject: sku,
      time: new Date(at).toISOString(),
      data: { quantity }
    }
    this.event.run("shop.Reserved", sku, JSON.stringify(body))
    return id
  }
}

export interface Contender {
  reserve(sku: string, quantity: number, n: number): Promise<string>
  close(): Promise<void>
}

/** A transaction for each reservation. */
export const rawTransactions = (path: string): Contender => {
  const hand = new ByHand(path)
  return {
    async reserve(sku, quantity) {
      hand.db.exec("begin immediate")
      const stock = hand.stockOf(sku)
      if (stock.onHand - stock.reserved < quantity) {
        hand.db.exec("rollback")
        throw new Error("insufficient stock")
      }
      hand.write.run(sku, JSON.stringify({ ...stock, reserved: stock.reserved + quantity }))
      const id = hand.record(sku, quantity, Date.now())
      hand.db.exec("commit")
      return id
    },
    async close() {
      hand.db.close()
    }
  }
}

interface Waiting {
  readonly sku: string
  readonly quantity: number
  readonly done: (id: string) => void
  readonly failed: (error: unknown) => void
}

/** All reservations that wait in one transaction, each stock row read and written once in it: the limit of what batching gives. */
export const handWrittenBatch = (path: string): Contender => {
  const hand = new ByHand(path)
  let queue: Array<Waiting> = []
  const flush = () => {
    const waiting = queue
    queue = []
    const rows = new Map<string, Stock>()
    const answers: Array<() => void> = []
    hand.db.exec("begin immediate")
    for (const { sku, quantity, done, failed } of waiting) {
      const stock = rows.get(sku) ?? hand.stockOf(sku)
      if (stock.onHand - stock.reserved < quantity) {
        answers.push(() => failed(new Error("insufficient stock")))
        continue
      }
      rows.set(sku, { ...stock, reserved: stock.reserved + quantity })
      const id = hand.record(sku, quantity, Date.now())
      answers.push(() => done(id))
    }
    for (const [sku, stock] of rows) hand.write.run(sku, JSON.stringify(stock))
    hand.db.exec("commit")
    for (const answer of answers) answer()
  }
  return {
    reserve: (sku, quantity) =>
      new Promise((done, failed) => {
        if (queue.push({ sku, quantity, done, failed }) === 1) setImmediate(flush)
      }),
    async close() {
      hand.db.close()
    }
  }
}
