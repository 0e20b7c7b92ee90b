import { openEvents } from "../encoding/log.ts"
import type { Recorded } from "../kernel/event.ts"
import type { Vault } from "../personal/vault.ts"
import type { Position } from "../ports/store.ts"
import type { Carried } from "../ports/transport.ts"

/** A stored event as it leaves: its attributes are strings, and its source is a URI reference whatever the tenant is called. */
export const carried = (stored: { readonly position: Position; readonly body: string }, tenant: string): Carried => {
  const { imported, source, ...event } = JSON.parse(stored.body) as Carried
  return {
    ...event,
    ...(imported === true ? { imported: "true" } : {}),
    source: encodeURI(source),
    tenant,
    sequence: stored.position
  }
}

/** A received event as reactors take it. Sealed data that this app has no key for is absent, as that of somebody who was erased. */
export const received = async (event: Carried, vault: Vault): Promise<Recorded> => {
  const body = JSON.stringify({ ...event, imported: event["imported"] === "true" })
  const stored = { position: event.sequence, body }
  const [recorded] = await openEvents([stored], vault, "absent")
  return recorded!
}
