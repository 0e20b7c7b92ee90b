import { setTimeout } from "node:timers/promises"

import type { ScopedStore } from "@omni/core"

const other = (side: string): string => (side === "a" ? "b" : "a")

/** Resolves when the process of the other side has come to the same meeting. */
export const meet = async (store: ScopedStore, meeting: string, side: string): Promise<void> => {
  const key = (id: string) => ({ collection: `meeting-${meeting}`, id })
  const writes = [{ key: key(side), row: { schema: 1, value: "1" }, add: [], drop: [], due: undefined }]
  await store.commit({ id: `meet-${meeting}-${side}`, time: 1, retry: false, checks: [], writes, events: [] })
  while ((await store.read([key(other(side))])).rows[0] === undefined) await setTimeout(1)
}
