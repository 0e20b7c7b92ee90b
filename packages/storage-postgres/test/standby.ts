import { setTimeout } from "node:timers/promises"

import { expect } from "vitest"

import { startPostgres } from "../../../scripts/postgres/server.ts"
import { asOwner } from "./helpers.ts"
import { network } from "./network.ts"

/** A server, a standby that follows it over a line, and a line over which clients reach whichever of them serves. */
export const pair = async ({ synchronous }: { readonly synchronous: boolean }) => {
  const primary = await startPostgres({ settings: { wal_keep_size: "256MB" } })
  await primary.kill()
  const replication = await network(primary.url)
  const standby = await startPostgres({
    standbyOf: primary,
    settings: { primary_conninfo: `host=127.0.0.1 port=${new URL(replication.url).port} user=postgres` }
  })
  await primary.start()
  const clients = await network(primary.url)
  const followers = async () =>
    (
      await asOwner(
        primary.url,
        "select sync_state, replay_lsn = pg_current_wal_lsn() as whole from pg_stat_replication where state = 'streaming'"
      )
    )[0]
  const until = async (done: (follower: Record<string, unknown>) => boolean): Promise<void> => {
    for (let waited = 0; ; waited++) {
      const follower = await followers()
      if (follower !== undefined && done(follower)) return
      expect(waited, "the standby follows").toBeLessThan(400)
      await setTimeout(25)
    }
  }
  await setSynchronous(primary.url, synchronous ? "*" : "")
  await until(({ sync_state }) => sync_state === (synchronous ? "sync" : "async"))
  return {
    primary,
    standby,
    replication,
    clients,
    /** Waits until the standby has replayed everything. */
    caughtUp: () => until(({ whole }) => whole === true),
    promote: () => asOwner(standby.url, "select pg_promote()"),
    stop: async () => {
      for (const line of [replication, clients]) line.close()
      await Promise.all([primary.stop(), standby.stop()])
    }
  }
}

/** Which standbys a commit waits for. */
export const setSynchronous = async (url: string, names: string): Promise<void> => {
  await asOwner(url, `alter system set synchronous_standby_names = '${names}'`)
  await asOwner(url, "select pg_reload_conf()")
}
