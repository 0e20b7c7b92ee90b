import { assert, describe, it } from "vitest"

import { startPostgres } from "../../../scripts/postgres/server.ts"
import { memoryHome, postgresHome } from "../src/home.ts"
import { calm, soak } from "../src/soak.ts"

/** Fewer seeds than `pnpm soak` tells in an hour, but each of them whole. */
const SEEDS = 12

describe("the story over a store that fails", () => {
  it("comes to the same, whatever failed meanwhile", { timeout: 120_000 }, async () => {
    const home = memoryHome("")
    const expected = await calm(home)
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { lines, faults } = await soak(home, seed)
      assert.deepEqual(lines, expected, `seed ${seed}`)
      assert.isAbove(faults, 10)
    }
  })

  it("comes to the same on a PostgreSQL that is killed meanwhile", { timeout: 120_000 }, async () => {
    const server = await startPostgres()
    try {
      const home = postgresHome(server.url, "")
      const expected = await calm(home)
      let kills = 0
      for (const seed of [1, 2]) {
        const told = await soak(home, seed, server)
        assert.deepEqual(told.lines, expected, `seed ${seed}`)
        kills += told.kills
      }
      assert.isAbove(kills, 0)
    } finally {
      await server.stop()
    }
  })
})
