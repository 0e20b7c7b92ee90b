import { DatabaseSync } from "node:sqlite"

/** How many rows of a collection a store has, also while another process writes; 0 before there is one. */
export const countRows = (file: string, collection: string): number => {
  try {
    const db = new DatabaseSync(file, { readOnly: true })
    try {
      const sql = "select count(*) as n from row r join space s on s.id = r.space where s.collection = ?"
      return Number(db.prepare(sql).get(collection)?.["n"] ?? 0)
    } finally {
      db.close()
    }
  } catch {
    return 0
  }
}

/** What is sealed differs with the keys of each store, and so do the hashes that stand for personal ids. */
const open = (text: string): string => {
  const { $sealed: _, ...rest } = JSON.parse(text) as Record<string, unknown>
  return JSON.stringify(rest)
}

const openEvent = (text: string): string => {
  const { data, ...rest } = JSON.parse(text) as Record<string, unknown>
  return JSON.stringify({ ...rest, data: open(JSON.stringify(data)) })
}

/** The kernel's own rows say when something was done, not what. */
const own = (collection: string): boolean => collection.startsWith("omni.")

/** All rows and events of a store, as far as two stores with the same content have the same. */
export const stateOf = (file: string): { readonly rows: ReadonlyArray<string>; readonly events: ReadonlyArray<string> } => {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const rows = db.prepare("select s.collection, r.id, r.value from row r join space s on s.id = r.space").all()
    const events = db.prepare("select body from event where type <> 0").all()
    return {
      rows: rows
        .filter(({ collection }) => !own(String(collection)))
        .map(({ collection, id, value }) => `${collection} ${collection === "profile.identifiers" ? "" : id} ${open(String(value))}`)
        .sort(),
      events: events.map(({ body }) => openEvent(String(body))).sort()
    }
  } finally {
    db.close()
  }
}
