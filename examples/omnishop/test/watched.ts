import type { Commit, CommitResult, StoreDriver } from "@omni/core"

/** A commit that wrote something and landed, and where. */
export interface Landed {
  readonly commit: Commit
  readonly position: string
}

/** A store that notes what lands in it, through the lock or not. */
export const watched = (store: StoreDriver): { readonly store: StoreDriver; readonly landed: ReadonlyArray<Landed> } => {
  const landed: Array<Landed> = []
  const noted = async (commit: Commit, result: Promise<CommitResult>): Promise<CommitResult> => {
    const told = await result
    const writes = commit.writes.length + commit.events.length > 0
    if (told._tag === "Committed" && writes) landed.push({ commit, position: told.position })
    return told
  }
  const open: StoreDriver["open"] = async (scope) => {
    const scoped = await store.open(scope)
    const { begin } = scoped
    return {
      read: (keys, queries) => scoped.read(keys, queries),
      commit: (commit) => noted(commit, scoped.commit(commit)),
      events: (after, limit, types) => scoped.events(after, limit, types),
      trim: (upto) => scoped.trim(upto),
      ...(begin === undefined
        ? {}
        : {
            begin: async (keys) => {
              const locked = await begin.call(scoped, keys)
              return {
                rows: locked.rows,
                read: (more) => locked.read(more),
                commit: (commit) => noted(commit, locked.commit(commit)),
                release: () => locked.release()
              }
            }
          })
    }
  }
  return { store: { ...store, open, migrate: () => store.migrate(), scopes: () => store.scopes(), close: () => store.close() }, landed }
}
